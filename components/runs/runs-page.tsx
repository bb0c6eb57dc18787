"use client";

import Link from "next/link";
import { useState } from "react";
import { ResourceView } from "@/components/errors/resource-view";
import { queryString } from "@/components/hooks/api";
import { useDebounced } from "@/components/hooks/use-debounced";
import { useRoom } from "@/components/hooks/use-live";
import { usePages, useResource } from "@/components/hooks/use-resource";
import { useUrlState } from "@/components/hooks/use-url-state";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Input } from "@/components/ui/input";
import { PageHeader } from "@/components/ui/page-header";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { NodeView } from "@/server/contracts/nodes";
import type { Page } from "@/server/contracts/primitives";
import type { RunSummary } from "@/server/contracts/runs";
import { DeleteRunDialog } from "./delete-run-dialog";
import { RunActions } from "./run-actions";
import { RunsTable } from "./runs-table";

const STATES = [
  { value: "all", label: "All" },
  { value: "active", label: "At work" },
  { value: "ended", label: "Ended" },
] as const;

export function RunsPage() {
  useRoom("yard");
  const [status, setStatus] = useUrlState("status", "all");
  const [nodeId, setNodeId] = useUrlState("node", "");
  const [text, setText] = useUrlState("q", "");
  const q = useDebounced(text.trim(), 250);
  const [toDelete, setToDelete] = useState<RunSummary | null>(null);
  const filter = queryString({ status: status === "all" ? null : status, nodeId, q });
  const runs = usePages<RunSummary>(`/runs${filter}`);
  const isFiltered = filter !== "";
  return (
    <>
      <PageHeader title="Runs" facts={<span>newest first</span>} actions={<NewRun />} />
      <Filters {...{ status, setStatus, nodeId, setNodeId, text, setText }} />
      <ResourceView
        resource={{ ...runs, data: runs.items }}
        skeleton={<SkeletonRows count={8} />}
        title="Could not load the runs."
      >
        {(items) =>
          items.length === 0 ? (
            <NoRuns isFiltered={isFiltered} />
          ) : (
            <RunsTable
              runs={items}
              renderActions={(run) => <RunActions run={run} onDelete={setToDelete} />}
            />
          )
        }
      </ResourceView>
      {runs.hasNextPage && (
        <div className="mt-4">
          <Button isBusy={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
            Show older runs
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

interface FiltersProps {
  status: string;
  setStatus: (value: string) => void;
  nodeId: string;
  setNodeId: (value: string) => void;
  text: string;
  setText: (value: string) => void;
}

function Filters({ status, setStatus, nodeId, setNodeId, text, setText }: FiltersProps) {
  const nodes = useResource<Page<NodeView>>("/nodes?limit=200");
  const options = [
    { value: "", label: "All nodes" },
    ...(nodes.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <search className="mb-3 flex flex-wrap items-center gap-2">
      <Segmented
        label="Which runs"
        value={STATES.find((state) => state.value === status)?.value ?? "all"}
        options={STATES}
        onValueChange={setStatus}
      />
      <Select aria-label="Node" className="w-44" options={options} value={nodeId} onValueChange={setNodeId} />
      <Input
        type="search"
        aria-label="Search by name"
        placeholder="Search by name"
        className="w-56"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </search>
  );
}

function NewRun() {
  return (
    <Button asChild variant="primary">
      <Link href="/runs/new">Start RLHF run</Link>
    </Button>
  );
}

function NoRuns({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState
        title="No run matches"
        actions={
          <Button asChild>
            <Link href="/runs">Show all runs</Link>
          </Button>
        }
      >
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
