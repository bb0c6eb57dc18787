"use client";

import Link from "next/link";
import { formatCount } from "@/components/format/format-number";
import { formatAge, formatDuration, secondsBetween } from "@/components/format/format-time";
import { useNow } from "@/components/hooks/use-now";
import { StatusBadge } from "@/components/status/status-badge";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import type { RunView } from "@/server/contracts/runs";
import { runAct } from "./prepare-pipeline";
import { RunCosts } from "./run-costs";

export interface RunHeaderProps {
  run: RunView;
  onStop: () => void;
  onDelete: () => void;
}

export function RunHeader({ run, onStop, onDelete }: RunHeaderProps) {
  const answers = answersAddress(run);
  return (
    <PageHeader
      title={run.name}
      facts={<Facts run={run} />}
      actions={
        <>
          <Button asChild>
            <Link href={`/runs/new?clone=${run.id}`}>Clone</Link>
          </Button>
          {runAct(run) === "stop" ? (
            <Button variant="danger" disabled={run.status === "stopping"} onClick={onStop}>
              {run.status === "stopping" ? "Stopping" : "Stop run"}
            </Button>
          ) : (
            <Button variant="danger" onClick={onDelete}>
              Delete
            </Button>
          )}
          {answers !== null ? (
            <Button asChild variant="primary">
              <Link href={answers}>Compare answers</Link>
            </Button>
          ) : (
            <Button variant="primary" disabled title="Answers can be compared once a stage has succeeded.">
              Compare answers
            </Button>
          )}
        </>
      }
    />
  );
}

/** The run's newest evaluation, or else the form for a first one; null while there is no model to ask. */
function answersAddress({ id, evaluationId, stages }: RunView): string | null {
  if (evaluationId !== null) return `/evaluations/${evaluationId}`;
  return stages.some(({ status }) => status === "succeeded") ? `/evaluations/new?run=${id}` : null;
}

function Facts({ run }: { run: RunView }) {
  const now = useNow(1000);
  const isClockSet = now > 0;
  return (
    <>
      <StatusBadge status={run.status} />
      <span>RLHF pipeline</span>
      <span className="num leading-5" title={run.id}>
        {run.id.slice(0, 8)}
      </span>
      <span className="num leading-5">{run.modelName}</span>
      <span>
        {formatCount(run.gpuCount)} {run.gpuCount === 1 ? "GPU" : "GPUs"} on{" "}
        <Link
          href={`/nodes/${run.nodeId}`}
          className="rounded text-fg underline decoration-faint underline-offset-2 hover:decoration-fg"
        >
          {run.nodeName}
        </Link>
      </span>
      {run.isPractice && <Badge isOutlined>practice</Badge>}
      {isClockSet && (
        <span title={run.createdAt}>
          started by {run.createdBy} <span className="num">{formatAge(run.createdAt, now)}</span>
        </span>
      )}
      {isClockSet && run.startedAt !== null && run.endedAt !== null && (
        <span>
          took <span className="num">{formatDuration(secondsBetween(run.startedAt, run.endedAt, now))}</span>
        </span>
      )}
      <RunCosts run={run} />
    </>
  );
}
