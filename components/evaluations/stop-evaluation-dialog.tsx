"use client";

import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { EvaluationSummary, EvaluationView } from "@/server/contracts/evaluations";

export interface StopEvaluationDialogProps {
  evaluation: Pick<EvaluationSummary, "id" | "name">;
  onClose: () => void;
}

/** Mounted while open. */
export function StopEvaluationDialog({ evaluation, onClose }: StopEvaluationDialogProps) {
  const stop = useAction({
    run: () => request<EvaluationView>(`/evaluations/${evaluation.id}/stop`, { method: "POST" }),
    touches: ["/evaluations", "/nodes"],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Stop ${evaluation.name}?`}
      description="Answers and scores that have come are kept. It cannot go on later, but be started again."
      confirmLabel="Stop evaluation"
      isDangerous
      isBusy={stop.isPending}
      onConfirm={() => stop.mutate()}
    >
      {stop.error && <ErrorNotice error={stop.error} />}
    </ConfirmDialog>
  );
}
