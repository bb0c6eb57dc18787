"use client";

import Link from "next/link";
import { formatCount, MISSING } from "@/components/format/format-number";
import { formatDuration, formatLeft, formatMoment, secondsBetween } from "@/components/format/format-time";
import { useNow } from "@/components/hooks/use-now";
import { Badge } from "@/components/ui/badge";
import type { RunSummary } from "@/server/contracts/runs";
import { formatCost, runLeft, runSourceText } from "./prepare-forecast";
import { RunActions } from "./run-actions";
import { RunHeadlines } from "./run-headlines";
import { RunNow } from "./run-now";
import { StageSegments } from "./stage-segments";

export interface RunListProps {
  runs: readonly RunSummary[];
  onDelete: (run: RunSummary) => void;
}

const COLUMNS =
  "md:grid md:grid-cols-[minmax(0,5fr)_minmax(0,4fr)_minmax(0,5fr)_168px_96px_64px] md:items-center md:gap-x-5";

/** A line of two rows a run; on a phone a block of its own. */
export function RunList({ runs, onDelete }: RunListProps) {
  return (
    <div>
      <div aria-hidden className={`${COLUMNS} hidden h-8 border-b text-muted`}>
        <span>Run</span>
        <span>Stages</span>
        <span>Figures</span>
        <span className="text-right">Duration</span>
        <span className="text-right">Created</span>
      </div>
      <ul aria-label="Runs">
        {runs.map((run) => (
          <RunItem key={run.id} run={run} onDelete={onDelete} />
        ))}
      </ul>
    </div>
  );
}

function RunItem({ run, onDelete }: { run: RunSummary; onDelete: (run: RunSummary) => void }) {
  return (
    <li className={`${COLUMNS} relative border-line-faint border-b py-3 md:min-h-14 md:py-1.5`}>
      <div className="min-w-0 max-md:pr-20">
        <div className="flex min-w-0 items-center gap-2">
          <Link
            href={`/runs/${run.id}`}
            title={run.name}
            className="truncate rounded font-medium underline-offset-2 hover:underline"
          >
            {run.name}
          </Link>
          {run.isPractice && <Badge isOutlined>practice</Badge>}
        </div>
        <div className="truncate text-muted text-xs">
          <span className="num">{run.modelName}</span> · {run.nodeName} ·{" "}
          <span className="num">{formatCount(run.gpuCount)}</span> {run.gpuCount === 1 ? "GPU" : "GPUs"}
        </div>
      </div>
      <div className="min-w-0 max-md:mt-2">
        <StageSegments stages={run.stages} className="w-full md:max-w-44" />
        <div className="mt-1 flex min-w-0 text-xs">
          <RunNow run={run} />
        </div>
      </div>
      <RunHeadlines stages={run.stages} className="max-md:mt-2" />
      <RunTimes run={run} />
      <div className="text-right max-md:absolute max-md:top-2 max-md:right-0">
        <RunActions run={run} onDelete={onDelete} />
      </div>
    </li>
  );
}

function RunTimes({ run }: { run: RunSummary }) {
  const now = useNow(1000);
  const left = runLeft(run, now);
  const { costSpent } = run.forecast;
  const duration = now === 0 ? MISSING : formatDuration(secondsBetween(run.startedAt, run.endedAt, now));
  return (
    <>
      <div className="num text-right max-md:mt-2 max-md:inline-block max-md:text-left">
        {duration}
        {left !== null && (
          <span
            title={runSourceText(run)}
            className="whitespace-nowrap text-2xs text-muted max-md:ml-2 md:block"
          >
            {left.of === "stage" && "stage: "}
            {formatLeft(left.seconds)} left
          </span>
        )}
        {left === null && costSpent !== null && costSpent > 0 && (
          <span
            title="GPU hours × the node's price"
            className="whitespace-nowrap text-2xs text-muted max-md:ml-2 md:block"
          >
            cost {formatCost(costSpent)}
          </span>
        )}
      </div>
      <time
        dateTime={run.createdAt}
        title={`by ${run.createdBy}`}
        className="num text-right text-muted max-md:mt-2 max-md:ml-4 max-md:inline-block"
      >
        {now > 0 && formatMoment(run.createdAt, now)}
      </time>
    </>
  );
}
