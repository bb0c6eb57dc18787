"use client";

import Link from "next/link";
import { ResourceView } from "@/components/errors/resource-view";
import { formatCount, MISSING } from "@/components/format/format-number";
import { formatDuration, formatLeft, secondsBetween } from "@/components/format/format-time";
import { useNow } from "@/components/hooks/use-now";
import { useResource } from "@/components/hooks/use-resource";
import { secondsLeft } from "@/components/runs/prepare-run-row";
import { RunMetric } from "@/components/runs/run-metric";
import { RunNow } from "@/components/runs/run-now";
import { StageSegments } from "@/components/runs/stage-segments";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Table, TableCell, TableHeader, TableRow } from "@/components/ui/table";
import { pageOf } from "@/server/contracts/primitives";
import { RunSummary } from "@/server/contracts/runs";

const Runs = pageOf(RunSummary);
const SHOWN = 12;

/** The newest runs: those at work first. */
export function RunsSection() {
  const runs = useResource(`/runs?limit=${SHOWN}`, Runs);
  return (
    <section aria-labelledby="yard-runs">
      <div className="mb-2 flex items-baseline gap-3">
        <h2 id="yard-runs" className="font-semibold text-base">
          Runs
        </h2>
        <Link href="/runs" className="rounded text-muted underline-offset-2 hover:text-fg hover:underline">
          all runs
        </Link>
      </div>
      <ResourceView resource={runs} skeleton={<SkeletonRows count={3} />} title="Could not load the runs.">
        {({ items }) => (items.length === 0 ? <NoRuns /> : <RunsTable runs={workFirst(items)} />)}
      </ResourceView>
    </section>
  );
}

function workFirst(runs: readonly RunSummary[]): RunSummary[] {
  return runs.toSorted((a, b) => Number(b.endedAt === null) - Number(a.endedAt === null));
}

function NoRuns() {
  return (
    <p className="rounded-lg border border-dashed px-4 py-6 text-muted">
      Nothing has run yet. <b className="font-medium text-fg">Start RLHF run</b> begins with a preset that
      fits the node, and shows the exact commands before anything starts.
    </p>
  );
}

function RunsTable({ runs }: { runs: readonly RunSummary[] }) {
  return (
    <Table>
      <thead>
        <tr>
          <TableHeader>Run</TableHeader>
          <TableHeader>Stages</TableHeader>
          <TableHeader>Now</TableHeader>
          <TableHeader className="hidden md:table-cell">Main metric</TableHeader>
          <TableHeader isNumeric>Elapsed</TableHeader>
          <TableHeader isNumeric className="hidden sm:table-cell">
            Stage left
          </TableHeader>
          <TableHeader isNumeric className="hidden sm:table-cell">
            GPUs
          </TableHeader>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </tbody>
    </Table>
  );
}

function RunRow({ run }: { run: RunSummary }) {
  const now = useNow(1000);
  const left = secondsLeft(run.stages);
  return (
    <TableRow>
      <TableCell className="h-10 max-w-72 truncate">
        <Link href={`/runs/${run.id}`} className="rounded font-medium underline-offset-2 hover:underline">
          {run.name}
        </Link>
      </TableCell>
      <TableCell className="h-10">
        <StageSegments stages={run.stages} className="max-sm:w-20" />
      </TableCell>
      <TableCell className="h-10 max-w-80">
        <RunNow run={run} />
      </TableCell>
      <TableCell className="hidden h-10 md:table-cell">
        <RunMetric run={run} />
      </TableCell>
      <TableCell isNumeric className="h-10">
        {now === 0 ? MISSING : formatDuration(secondsBetween(run.startedAt, run.endedAt, now))}
      </TableCell>
      <TableCell isNumeric className="hidden h-10 sm:table-cell">
        {left === null ? "" : formatLeft(left)}
      </TableCell>
      <TableCell isNumeric className="hidden h-10 sm:table-cell">
        {formatCount(run.gpuCount)}
      </TableCell>
    </TableRow>
  );
}
