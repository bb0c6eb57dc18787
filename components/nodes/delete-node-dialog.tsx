"use client";

import { useRouter } from "next/navigation";
import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { NodeView } from "@/server/contracts/nodes";

export interface DeleteNodeDialogProps {
  node: NodeView;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

export function DeleteNodeDialog({ node, isOpen, onOpenChange }: DeleteNodeDialogProps) {
  const router = useRouter();
  const remove = useAction({
    run: () => request(`/nodes/${node.id}`, { method: "DELETE" }),
    touches: ["/nodes"],
    removes: `/nodes/${node.id}`,
    onDone: () => router.push("/nodes"),
  });
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={(open) => {
        remove.reset();
        onOpenChange(open);
      }}
      title={`Delete ${node.name}?`}
      description="Its address and its stored credential are removed. Runs that used it stay, and nothing is deleted on the machine itself."
      confirmLabel="Delete node"
      isDangerous
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
    >
      {remove.error && <ErrorNotice error={remove.error} />}
    </ConfirmDialog>
  );
}
