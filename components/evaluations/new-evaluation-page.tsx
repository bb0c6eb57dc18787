"use client";

import Link from "next/link";
import { ErrorNotice } from "@/components/errors/error-notice";
import { useRoom } from "@/components/hooks/use-live";
import { useResource } from "@/components/hooks/use-resource";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import type { EvaluationView } from "@/server/contracts/evaluations";
import type { Page } from "@/server/contracts/primitives";
import type { RunSummary } from "@/server/contracts/runs";
import { evaluableRuns } from "./evaluable-runs";
import { NewEvaluationForm } from "./new-evaluation-form";

export interface NewEvaluationPageProps {
  runId: string | null;
  /** Its prompts and settings are the beginning. */
  againId: string | null;
}

/** Loads what the form begins with; the form itself starts filled in. */
export function NewEvaluationPage({ runId, againId }: NewEvaluationPageProps) {
  useRoom("yard");
  const again = useResource<EvaluationView>(againId === null ? null : `/evaluations/${againId}`);
  const chosenId = runId ?? again.data?.runId ?? null;
  const runs = useResource<Page<RunSummary>>("/runs?limit=200");
  // A run may be too old for the list.
  const chosen = useResource<RunSummary>(chosenId === null ? null : `/runs/${chosenId}`);
  const parts = [runs, ...(againId === null ? [] : [again]), ...(chosenId === null ? [] : [chosen])];
  const failed = parts.find((part) => part.error !== null && part.data === undefined);
  if (failed?.error) {
    return (
      <>
        <PageHeader title="New evaluation" />
        <ErrorNotice
          error={failed.error}
          title="Could not load the form."
          onRetry={() => void failed.refetch()}
        />
      </>
    );
  }
  if (!runs.data || parts.some((part) => part.data === undefined)) return <Waiting />;
  const listed = runs.data.items;
  const isListed = listed.some(({ id }) => id === chosenId);
  const choices = evaluableRuns(chosen.data && !isListed ? [chosen.data, ...listed] : listed, chosenId);
  const [first] = choices;
  if (first === undefined) return <NothingToAsk />;
  return (
    <NewEvaluationForm
      // Another beginning is another draft.
      key={`${againId} ${runId}`}
      runs={choices}
      runId={chosenId ?? first.id}
      again={again.data ?? null}
    />
  );
}

function Waiting() {
  return (
    <>
      <PageHeader title="New evaluation" />
      <div role="status" aria-label="Loading" className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_360px]">
        <Skeleton className="h-[640px]" />
        <Skeleton className="h-64" />
      </div>
    </>
  );
}

function NothingToAsk() {
  return (
    <>
      <PageHeader title="New evaluation" />
      <EmptyState
        title="No run has a model yet"
        actions={
          <>
            <Button asChild>
              <Link href="/runs">Look at the runs</Link>
            </Button>
            <Button asChild variant="primary">
              <Link href="/runs/new">Start RLHF run</Link>
            </Button>
          </>
        }
      >
        An evaluation asks the models that a run has made. It can begin as soon as one stage of a run has
        succeeded.
      </EmptyState>
    </>
  );
}
