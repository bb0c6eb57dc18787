"use client";

import Link from "next/link";
import { ResourceView } from "@/components/errors/resource-view";
import { useResource } from "@/components/hooks/use-resource";
import { RunsTable } from "@/components/runs/runs-table";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { Page } from "@/server/contracts/primitives";
import type { RunSummary } from "@/server/contracts/runs";

const SHOWN = 12;

/** The newest runs: those at work first. */
export function RunsSection() {
  const runs = useResource<Page<RunSummary>>(`/runs?limit=${SHOWN}`);
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
