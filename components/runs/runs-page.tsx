"use client";

import Link from "next/link";
import { useState } from "react";
import { ResourceView } from "@/components/errors/resource-view";
import { formatCount } from "@/components/format/format-number";
import { queryString } from "@/components/hooks/api";
import { useDebounced } from "@/components/hooks/use-debounced";
import { useRoom } from "@/components/hooks/use-live";
import { usePages } from "@/components/hooks/use-resource";
import { useUrlState } from "@/components/hooks/use-url-state";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { RunSummary } from "@/server/contracts/runs";
import { DeleteRunDialog } from "./delete-run-dialog";
import { RunFilters } from "./run-filters";
import { RunList } from "./run-list";

export function RunsPage() {
  useRoom("yard");
  const [status, setStatus] = useUrlState("status", "");
  const [node, setNode] = useUrlState("node", "");
  const [q, setQ] = useUrlState("q", "");
  const [sort, setSort] = useUrlState("sort", "newest");
  const [toDelete, setToDelete] = useState<RunSummary | null>(null);
  const rested = useDebounced(q.trim(), 250);
  const narrowed = queryString({ status, nodeId: node, q: rested });
  const runs = usePages<RunSummary>(
    `/runs${queryString({ status, nodeId: node, q: rested, sort: sort === "newest" ? null : sort })}`,
  );
  function change(changes: { status?: string; node?: string; q?: string; sort?: string }) {
    if (changes.status !== undefined) setStatus(changes.status);
    if (changes.node !== undefined) setNode(changes.node);
    if (changes.q !== undefined) setQ(changes.q);
    if (changes.sort !== undefined) setSort(changes.sort);
  }
  return (
    <>
      <PageHeader
        title="Runs"
        facts={
          runs.items && (
            <span>
              <span className="num">{formatCount(runs.items.length)}</span>{" "}
              {runs.hasNextPage ? "shown, more below" : runs.items.length === 1 ? "run" : "runs"}
            </span>
          )
        }
        actions={<NewRun />}
      />
      <RunFilters filter={{ status, node, q, sort }} onChange={change} />
      <ResourceView
        resource={{ ...runs, data: runs.items }}
        skeleton={<SkeletonRows count={8} className="h-12" />}
        title="Could not load the runs."
      >
        {(items) =>
          items.length === 0 ? (
            <NoRuns isFiltered={narrowed !== ""} onShowAll={() => change({ status: "", node: "", q: "" })} />
          ) : (
            <RunList runs={items} onDelete={setToDelete} />
          )
        }
      </ResourceView>
      {runs.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button isBusy={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
            Show more runs
          </Button>
        </div>
      )}
      {toDelete && (
        <DeleteRunDialog
          run={toDelete}
          onClose={() => setToDelete(null)}
          onDeleted={() => setToDelete(null)}
        />
      )}
    </>
  );
}

function NewRun() {
  return (
    <Button asChild variant="primary">
      <Link href="/runs/new">Start RLHF run</Link>
    </Button>
  );
}

function NoRuns({ isFiltered, onShowAll }: { isFiltered: boolean; onShowAll: () => void }) {
  if (isFiltered) {
    return (
      <EmptyState title="No run matches" actions={<Button onClick={onShowAll}>Show all runs</Button>}>
        Choose other filters, or look at all runs.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="Nothing has run yet" actions={<NewRun />}>
      A run is DeepSpeed-Chat&rsquo;s whole pipeline: supervised fine-tuning and the reward model, then PPO.
      It begins with a preset, and the exact commands are shown before anything starts.
    </EmptyState>
  );
}
