"use client";

import { useRouter } from "next/navigation";
import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { DataSetView } from "@/server/contracts/data-sets";

export interface DeleteDataSetDialogProps {
  dataSet: Pick<DataSetView, "id" | "name">;
  onClose: () => void;
}

/** Mounted while open. */
export function DeleteDataSetDialog({ dataSet, onClose }: DeleteDataSetDialogProps) {
  const router = useRouter();
  const remove = useAction({
    run: () => request(`/datasets/${dataSet.id}`, { method: "DELETE" }),
    touches: ["/datasets"],
    removes: `/datasets/${dataSet.id}`,
    onDone: () => router.push("/datasets"),
  });
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Delete ${dataSet.name}?`}
      description="All of its versions are removed. Runs that used it stay, but cannot be retried with it. Copies on nodes go with their runs."
      confirmLabel="Delete data set"
      isDangerous
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
    >
      {remove.error && <ErrorNotice error={remove.error} />}
    </ConfirmDialog>
  );
}
