"use client";

import { useRouter } from "next/navigation";
import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { RunSummary } from "@/server/contracts/runs";

export interface DeleteRunDialogProps {
  run: Pick<RunSummary, "id" | "name">;
  onClose: () => void;
  /** Default: to the list of runs. */
  onDeleted?: () => void;
}

/** Mounted while open. */
export function DeleteRunDialog({ run, onClose, onDeleted }: DeleteRunDialogProps) {
  const router = useRouter();
  const remove = useAction({
    run: () => request(`/runs/${run.id}`, { method: "DELETE" }),
    touches: ["/runs", "/evaluations"],
    removes: `/runs/${run.id}`,
    onDone: onDeleted ?? (() => router.push("/runs")),
  });
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Delete ${run.name}?`}
      description="Its logs, scalars and answers are removed here. Checkpoints and files on the node stay."
      confirmLabel="Delete run"
      isDangerous
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
    >
      {remove.error && <ErrorNotice error={remove.error} />}
    </ConfirmDialog>
  );
}
