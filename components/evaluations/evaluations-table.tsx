"use client";

import Link from "next/link";
import { formatCount, MISSING } from "@/components/format/format-number";
import { formatAge } from "@/components/format/format-time";
import { useNow } from "@/components/hooks/use-now";
import { StatusBadge } from "@/components/status/status-badge";
import { ProgressBar } from "@/components/ui/progress-bar";
import { Table, TableCell, TableHeader, TableRow } from "@/components/ui/table";
import type { EvaluationSummary } from "@/server/contracts/evaluations";
import { isTerminal } from "@/server/contracts/statuses";
import { bestScore } from "./best-score";
import { EvaluationActions } from "./evaluation-actions";
import { formatScore } from "./format-score";
import { ModelChip } from "./model-chip";

export interface EvaluationsTableProps {
  evaluations: readonly EvaluationSummary[];
  onDelete: (evaluation: EvaluationSummary) => void;
}

export function EvaluationsTable({ evaluations, onDelete }: EvaluationsTableProps) {
  return (
    <Table>
      <thead>
        <tr>
          <TableHeader>Evaluation</TableHeader>
          <TableHeader>Status</TableHeader>
          <TableHeader className="hidden md:table-cell">Run</TableHeader>
          <TableHeader className="hidden lg:table-cell">Models</TableHeader>
          <TableHeader isNumeric className="hidden lg:table-cell">
            Prompts
          </TableHeader>
          <TableHeader isNumeric>Answers</TableHeader>
          <TableHeader isNumeric className="hidden sm:table-cell">
            Best mean score
          </TableHeader>
          <TableHeader isNumeric className="hidden md:table-cell">
            Created
          </TableHeader>
          <TableHeader>
            <span className="sr-only">Actions</span>
          </TableHeader>
        </tr>
      </thead>
      <tbody>
        {evaluations.map((one) => (
          <EvaluationRow key={one.id} evaluation={one} onDelete={onDelete} />
        ))}
      </tbody>
    </Table>
  );
}

interface EvaluationRowProps {
  evaluation: EvaluationSummary;
  onDelete: (evaluation: EvaluationSummary) => void;
}

function EvaluationRow({ evaluation, onDelete }: EvaluationRowProps) {
  const { id, name, status, reason, runId, runName, models, promptCount, createdAt } = evaluation;
  const now = useNow(1000);
  const best = bestScore(evaluation);
  return (
    <TableRow>
      <TableCell className="h-10 max-w-60 truncate">
        <Link href={`/evaluations/${id}`} className="rounded font-medium underline-offset-2 hover:underline">
          {name}
        </Link>
        <span className="block truncate text-2xs text-muted md:hidden">{runName}</span>
      </TableCell>
      <TableCell className="h-10 max-w-72">
        <span className="flex min-w-0 items-baseline gap-2">
          <StatusBadge status={status} />
          {reason !== null && status !== "succeeded" && (
            <span className="hidden truncate text-muted xl:inline" title={reason}>
              {reason}
            </span>
          )}
        </span>
      </TableCell>
      <TableCell className="hidden h-10 max-w-60 truncate md:table-cell">
        <Link href={`/runs/${runId}`} className="rounded underline-offset-2 hover:underline">
          {runName}
        </Link>
      </TableCell>
      <TableCell className="hidden h-10 lg:table-cell">
        <span className="flex gap-3 text-muted">
          {models.map(({ key }) => (
            <ModelChip key={key} modelKey={key} />
          ))}
        </span>
      </TableCell>
      <TableCell isNumeric className="hidden h-10 lg:table-cell">
        {formatCount(promptCount)}
      </TableCell>
      <TableCell isNumeric className="h-10">
        <AnswersDone evaluation={evaluation} />
      </TableCell>
      <TableCell isNumeric className="hidden h-10 sm:table-cell">
        {best === null ? (
          MISSING
        ) : (
          <span className="inline-flex gap-2">
            <ModelChip modelKey={best.modelKey} className="font-sans text-muted text-xs" />
            {formatScore(best.meanScore)}
          </span>
        )}
      </TableCell>
      <TableCell isNumeric className="hidden h-10 md:table-cell">
        {now > 0 && <span title={createdAt}>{formatAge(createdAt, now)}</span>}
      </TableCell>
      <TableCell className="h-10 text-right">
        <EvaluationActions evaluation={evaluation} onDelete={onDelete} />
      </TableCell>
    </TableRow>
  );
}

function AnswersDone({ evaluation }: { evaluation: EvaluationSummary }) {
  const total = evaluation.promptCount * evaluation.models.length;
  return (
    <span className="inline-flex flex-col items-stretch gap-0.5">
      <span>
        {formatCount(evaluation.answersDone)} / {formatCount(total)}
      </span>
      {!isTerminal(evaluation.status) && (
        <ProgressBar
          value={evaluation.answersDone / total}
          label={`Answers of ${evaluation.name}`}
          className="h-0.5 min-w-12"
        />
      )}
    </span>
  );
}
