"use client";

import Link from "next/link";
import { ErrorNotice } from "@/components/errors/error-notice";
import { queryString } from "@/components/hooks/api";
import { useDebounced } from "@/components/hooks/use-debounced";
import { useRoom } from "@/components/hooks/use-live";
import { usePages } from "@/components/hooks/use-resource";
import { useUrlState } from "@/components/hooks/use-url-state";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Input } from "@/components/ui/input";
import { PageHeader } from "@/components/ui/page-header";
import { Segmented } from "@/components/ui/segmented";
import { SkeletonRows } from "@/components/ui/skeleton";
import { RunSummary } from "@/server/contracts/runs";
import { RunsTable } from "./runs-table";

const STATUSES = [
  { value: "all", label: "all" },
  { value: "active", label: "active" },
  { value: "ended", label: "ended" },
] as const;
const PAGE = 50;

/** Every run, newest first; the filters live in the address. */
export function RunsPage() {
  useRoom("yard");
  const [status, setStatus] = useUrlState("status", "all");
  const [q, setQ] = useUrlState("q", "");
  const asked = useDebounced(q.trim(), 250);
  const filter = STATUSES.find(({ value }) => value === status)?.value ?? "all";
  const runs = usePages(
    `/runs${queryString({ status: filter === "all" ? null : filter, q: asked, limit: PAGE })}`,
    RunSummary,
  );
  const isFiltered = filter !== "all" || asked !== "";
  return (
    <>
      <PageHeader
        title="Runs"
        facts={<span>Every pipeline that somebody started, newest first</span>}
        actions={
          <Button asChild variant="primary">
            <Link href="/runs/new">Start RLHF run</Link>
          </Button>
        }
      />
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <Segmented label="Status" options={STATUSES} value={filter} onValueChange={setStatus} />
        <Input
          type="search"
          aria-label="Search the runs by name"
          placeholder="Search by name"
          className="max-w-64"
          value={q}
          onChange={(event) => setQ(event.target.value)}
        />
      </div>
      {runs.error && (
        <ErrorNotice
          error={runs.error}
          title="Could not load the runs."
          onRetry={() => void runs.refetch()}
        />
      )}
      {!runs.items && !runs.error && <SkeletonRows count={6} className="h-10" />}
      {runs.items?.length === 0 && <NoRuns isFiltered={isFiltered} />}
      {runs.items && runs.items.length > 0 && <RunsTable runs={runs.items} />}
      {runs.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button isBusy={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

function NoRuns({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered)
    return <p className="rounded-lg border border-dashed px-4 py-6 text-muted">No run fits these filters.</p>;
  return (
    <EmptyState
      title="Nothing has run yet"
      actions={
        <Button asChild variant="primary">
          <Link href="/runs/new">Start RLHF run</Link>
        </Button>
      }
    >
      A run begins with a preset that fits the node; the exact commands are shown before anything starts.
    </EmptyState>
  );
}
