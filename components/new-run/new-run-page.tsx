"use client";

import Link from "next/link";
import { ErrorNotice } from "@/components/errors/error-notice";
import { useRoom } from "@/components/hooks/use-live";
import { useResource } from "@/components/hooks/use-resource";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import type { DataSetSummary } from "@/server/contracts/data-sets";
import type { NodeView } from "@/server/contracts/nodes";
import type { Page } from "@/server/contracts/primitives";
import type { Preset, RecipeView } from "@/server/contracts/recipes";
import type { RunView } from "@/server/contracts/runs";
import type { DataChoice } from "./data-choice";
import { NewRunForm } from "./new-run-form";

export interface NewRunPageProps {
  cloneId: string | null;
  presetId: string | null;
  nodeId: string | null;
  data: DataChoice | null;
}

/** Loads what the form begins with; the form itself starts filled in. */
export function NewRunPage({ cloneId, presetId, nodeId, data }: NewRunPageProps) {
  useRoom("yard");
  const nodes = useResource<Page<NodeView>>("/nodes?limit=200");
  const recipe = useResource<RecipeView>("/recipes/deepspeed-chat");
  const presets = useResource<{ items: Preset[] }>("/recipes/deepspeed-chat/presets");
  const sets = useResource<Page<DataSetSummary>>("/datasets?limit=200");
  const clone = useResource<RunView>(cloneId === null ? null : `/runs/${cloneId}`);
  const parts = [nodes, recipe, presets, sets, ...(cloneId === null ? [] : [clone])];
  const failed = parts.find((part) => part.error !== null && part.data === undefined);
  if (failed?.error) {
    return (
      <>
        <PageHeader title="New RLHF run" />
        <ErrorNotice
          error={failed.error}
          title="Could not load the form."
          onRetry={() => void failed.refetch()}
        />
      </>
    );
  }
  if (!nodes.data || !recipe.data || !presets.data || !sets.data || (cloneId !== null && !clone.data))
    return <Waiting />;
  if (nodes.data.items.length === 0) return <NoNode />;
  return (
    <NewRunForm
      // A clone and a fresh run are two drafts.
      key={`${cloneId} ${nodeId} ${presetId} ${data?.reference}`}
      nodes={nodes.data.items}
      recipe={recipe.data}
      presets={presets.data.items}
      clone={clone.data ?? null}
      presetId={presetId}
      nodeId={nodeId}
      sets={sets.data.items}
      data={data}
    />
  );
}

function Waiting() {
  return (
    <>
      <PageHeader title="New RLHF run" />
      <div
        role="status"
        aria-label="Loading"
        className="grid items-start gap-x-6 gap-y-4 xl:grid-cols-[minmax(0,1fr)_440px]"
      >
        <div className="flex flex-col gap-3">
          <Skeleton className="h-[76px] rounded-lg" />
          <Skeleton className="h-[58px] rounded-lg" />
          <Skeleton className="h-[58px] rounded-lg" />
          <Skeleton className="mt-2 h-[420px] rounded-lg" />
        </div>
        <Skeleton className="h-[480px] rounded-lg" />
      </div>
    </>
  );
}

function NoNode() {
  return (
    <>
      <PageHeader title="New RLHF run" />
      <EmptyState
        title="A run needs a node"
        actions={
          <>
            <Button asChild>
              <Link href="/nodes/new?practice=1">Add the practice node</Link>
            </Button>
            <Button asChild variant="primary">
              <Link href="/nodes/new">Add node</Link>
            </Button>
          </>
        }
      >
        Add the machine that will train: its IP address, a user name and a password or a key.
      </EmptyState>
    </>
  );
}
