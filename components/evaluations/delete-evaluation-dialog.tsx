"use client";

import { useRouter } from "next/navigation";
import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { EvaluationSummary } from "@/server/contracts/evaluations";

export interface DeleteEvaluationDialogProps {
  evaluation: Pick<EvaluationSummary, "id" | "name">;
  onClose: () => void;
  /** Default: to the list of evaluations. */
  onDeleted?: () => void;
}

/** Mounted while open. */
export function DeleteEvaluationDialog({ evaluation, onClose, onDeleted }: DeleteEvaluationDialogProps) {
  const router = useRouter();
  const remove = useAction({
    run: () => request(`/evaluations/${evaluation.id}`, { method: "DELETE" }),
    touches: ["/evaluations", "/runs"],
    removes: `/evaluations/${evaluation.id}`,
    onDone: onDeleted ?? (() => router.push("/evaluations")),
  });
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Delete ${evaluation.name}?`}
      description="Its answers, scores and log are removed. The run and its checkpoints stay."
      confirmLabel="Delete evaluation"
      isDangerous
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
    >
      {remove.error && <ErrorNotice error={remove.error} />}
    </ConfirmDialog>
  );
}
