"use client";

import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { TokenView } from "@/server/contracts/tokens";

/** Mounted while open. */
export function RevokeTokenDialog({ token, onClose }: { token: TokenView; onClose: () => void }) {
  const revoke = useAction({
    run: () => request(`/tokens/${token.id}`, { method: "DELETE" }),
    touches: ["/tokens"],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Revoke ${token.name}?`}
      description="Programs that use it are refused from now on. This cannot be undone."
      confirmLabel="Revoke token"
      isDangerous
      isBusy={revoke.isPending}
      onConfirm={() => revoke.mutate()}
    >
      {revoke.error && <ErrorNotice error={revoke.error} />}
    </ConfirmDialog>
  );
}
