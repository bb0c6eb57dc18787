import { RotateCcw, Trash2 } from "lucide-react";
import Link from "next/link";
import { useCanOperate } from "@/components/hooks/role-provider";
import { Button } from "@/components/ui/button";
import type { EvaluationSummary } from "@/server/contracts/evaluations";
import { isTerminal } from "@/server/contracts/statuses";

export interface EvaluationActionsProps {
  evaluation: EvaluationSummary;
  onDelete: (evaluation: EvaluationSummary) => void;
}

/** What a row of the list offers: the same questions again, and for an ended evaluation its removal. */
export function EvaluationActions({ evaluation, onDelete }: EvaluationActionsProps) {
  const { id, name, status } = evaluation;
  if (!useCanOperate()) return null;
  return (
    <span className="inline-flex">
      <Button asChild variant="ghost" size="icon-sm">
        <Link
          href={`/evaluations/new?again=${id}`}
          aria-label={`Evaluate ${name} again`}
          title="Evaluate again"
        >
          <RotateCcw />
        </Link>
      </Button>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={`Delete ${name}`}
        title={isTerminal(status) ? "Delete" : "Stop the evaluation before deleting it"}
        disabled={!isTerminal(status)}
        onClick={() => onDelete(evaluation)}
      >
        <Trash2 />
      </Button>
    </span>
  );
}
