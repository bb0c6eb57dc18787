"use client";

import Link from "next/link";
import { ResourceView } from "@/components/errors/resource-view";
import { formatAge } from "@/components/format/format-time";
import { useNow } from "@/components/hooks/use-now";
import { usePages } from "@/components/hooks/use-resource";
import { StatusBadge } from "@/components/status/status-badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Table, TableCell, TableHeader, TableRow } from "@/components/ui/table";
import type { EvaluationSummary } from "@/server/contracts/evaluations";

export function EvaluationsPage() {
  const evaluations = usePages<EvaluationSummary>("/evaluations");
  return (
    <>
      <PageHeader title="Evaluations" facts={<span>what the models of a run answer, side by side</span>} />
      <ResourceView
        resource={{ ...evaluations, data: evaluations.items }}
        skeleton={<SkeletonRows count={6} />}
        title="Could not load the evaluations."
      >
        {(items) =>
          items.length === 0 ? (
            <EmptyState title="No evaluation yet">
              A run makes one by itself when PPO has succeeded.
            </EmptyState>
          ) : (
            <EvaluationsTable evaluations={items} />
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
    </>
  );
}

function EvaluationsTable({ evaluations }: { evaluations: readonly EvaluationSummary[] }) {
  const now = useNow(1000);
  return (
    <Table>
      <thead>
        <tr>
          <TableHeader>Evaluation</TableHeader>
          <TableHeader>Status</TableHeader>
          <TableHeader className="hidden sm:table-cell">Run</TableHeader>
          <TableHeader isNumeric>Answers</TableHeader>
          <TableHeader isNumeric className="hidden sm:table-cell">
            Created
          </TableHeader>
        </tr>
      </thead>
      <tbody>
        {evaluations.map((one) => (
          <TableRow key={one.id}>
            <TableCell className="h-10 max-w-72 truncate">
              <Link
                href={`/evaluations/${one.id}`}
                className="font-medium underline-offset-2 hover:underline"
              >
                {one.name}
              </Link>
            </TableCell>
            <TableCell className="h-10">
              <StatusBadge status={one.status} />
            </TableCell>
            <TableCell className="hidden h-10 max-w-60 truncate sm:table-cell">{one.runName}</TableCell>
            <TableCell isNumeric className="h-10">
              {one.answersDone} / {one.promptCount * one.models.length}
            </TableCell>
            <TableCell isNumeric className="hidden h-10 sm:table-cell">
              {now > 0 && formatAge(one.createdAt, now)}
            </TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}
