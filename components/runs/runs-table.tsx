"use client";

import Link from "next/link";
import { formatCount, MISSING } from "@/components/format/format-number";
import { formatDuration, formatLeft, secondsBetween } from "@/components/format/format-time";
import { useNow } from "@/components/hooks/use-now";
import { Table, TableCell, TableHeader, TableRow } from "@/components/ui/table";
import type { RunSummary } from "@/server/contracts/runs";
import { runLeft, runSourceText } from "./prepare-forecast";
import { RunMetric } from "./run-metric";
import { RunNow } from "./run-now";
import { StageSegments } from "./stage-segments";

export interface RunsTableProps {
  runs: readonly RunSummary[];
}

export function RunsTable({ runs }: RunsTableProps) {
  return (
    <Table>
      <thead>
        <tr>
          <TableHeader>Run</TableHeader>
          <TableHeader className="hidden sm:table-cell">Stages</TableHeader>
          <TableHeader>Now</TableHeader>
          <TableHeader className="hidden md:table-cell">Main metric</TableHeader>
          <TableHeader isNumeric>Elapsed</TableHeader>
          <TableHeader isNumeric className="hidden sm:table-cell">
            Left
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
  const left = now === 0 ? null : runLeft(run, now);
  return (
    <TableRow>
      <TableCell className="h-10 max-w-32 max-sm:py-1.5 sm:max-w-72">
        <Link
          href={`/runs/${run.id}`}
          className="block truncate rounded font-medium underline-offset-2 hover:underline"
        >
          {run.name}
        </Link>
        <StageSegments stages={run.stages} className="mt-1 sm:hidden" />
      </TableCell>
      <TableCell className="hidden h-10 sm:table-cell">
        <StageSegments stages={run.stages} />
      </TableCell>
      <TableCell className="h-10 max-w-28 sm:max-w-80">
        <RunNow run={run} />
      </TableCell>
      <TableCell className="hidden h-10 md:table-cell">
        <RunMetric run={run} />
      </TableCell>
      <TableCell isNumeric className="h-10">
        {now === 0 ? MISSING : formatDuration(secondsBetween(run.startedAt, run.endedAt, now))}
      </TableCell>
      <TableCell isNumeric className="hidden h-10 sm:table-cell">
        {left !== null && (
          <span title={runSourceText(run)}>
            {left.of === "stage" && "stage: "}
            {formatLeft(left.seconds)}
          </span>
        )}
      </TableCell>
      <TableCell isNumeric className="hidden h-10 sm:table-cell">
        {formatCount(run.gpuCount)}
      </TableCell>
    </TableRow>
  );
}
