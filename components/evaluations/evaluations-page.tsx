"use client";

import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { ResourceView } from "@/components/errors/resource-view";
import { useCanOperate } from "@/components/hooks/role-provider";
import { useRoom } from "@/components/hooks/use-live";
import { usePages } from "@/components/hooks/use-resource";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { EvaluationSummary } from "@/server/contracts/evaluations";
import { EvaluationsTable } from "./evaluations-table";

const DeleteEvaluationDialog = dynamic(() =>
  import("./delete-evaluation-dialog").then((module) => module.DeleteEvaluationDialog),
);

export function EvaluationsPage() {
  useRoom("yard");
  const evaluations = usePages<EvaluationSummary>("/evaluations");
  const [toDelete, setToDelete] = useState<EvaluationSummary | null>(null);
  const closeDialog = () => setToDelete(null);
  return (
    <>
      <PageHeader
        title="Evaluations"
        facts={<span>what the models of a run answer, side by side; newest first</span>}
        actions={<NewEvaluation />}
      />
      <ResourceView
        resource={{ ...evaluations, data: evaluations.items }}
        skeleton={<SkeletonRows count={8} />}
        title="Could not load the evaluations."
      >
        {(items) =>
          items.length === 0 ? (
            <NoEvaluations />
          ) : (
            <EvaluationsTable evaluations={items} onDelete={setToDelete} />
          )
        }
      </ResourceView>
      {evaluations.hasNextPage && (
        <Button
          className="mt-4"
          isBusy={evaluations.isFetchingNextPage}
          onClick={() => void evaluations.fetchNextPage()}
        >
          Show older evaluations
        </Button>
      )}
      {toDelete && (
        <DeleteEvaluationDialog evaluation={toDelete} onClose={closeDialog} onDeleted={closeDialog} />
      )}
    </>
  );
}

function NewEvaluation() {
  if (!useCanOperate()) return null;
  return (
    <Button asChild variant="primary">
      <Link href="/evaluations/new">New evaluation</Link>
    </Button>
  );
}

function NoEvaluations() {
  return (
    <EmptyState
      title="No evaluation yet"
      actions={
        <>
          <Button asChild>
            <Link href="/runs/new">Start RLHF run</Link>
          </Button>
          <Button asChild>
            <Link href="/evaluations/new">Choose a run to evaluate</Link>
          </Button>
        </>
      }
    >
      A run makes one by itself when PPO has succeeded: six prompts to the baseline, the fine-tuned model and
      the actor, scored by the run&rsquo;s own reward model. As soon as one stage has succeeded you can start
      one yourself, with your own prompts.
    </EmptyState>
  );
}
