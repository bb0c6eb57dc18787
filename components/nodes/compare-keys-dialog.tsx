"use client";

import { useState } from "react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { useResourceOnce } from "@/components/hooks/use-resource-once";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { HostKey, NodeView } from "@/server/contracts/nodes";
import { HostKeyCheck } from "./host-key-check";

export interface CompareKeysDialogProps {
  node: NodeView;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** Both fingerprints, the pinned one and the one shown now; pinning the new one is a decision, never a default. */
export function CompareKeysDialog({ node, isOpen, onOpenChange }: CompareKeysDialogProps) {
  const [isConfirmed, setConfirmed] = useState(false);
  const { host, port } = node;
  const shown = useResourceOnce(isOpen ? ["host-key", host, port] : null, () =>
    request<HostKey>("/nodes/host-key", { method: "POST", body: { host, port } }),
  );
  const pin = useAction({
    run: (hostKey: HostKey) => request<NodeView>(`/nodes/${node.id}`, { method: "PATCH", body: { hostKey } }),
    touches: ["/nodes"],
    onDone: () => onOpenChange(false),
  });
  const hostKey = shown.data;
  return (
    <Dialog open={isOpen} onOpenChange={onOpenChange}>
      <DialogContent
        title="Compare host keys"
        description={`${host}:${port} shows another key than the one that was pinned.`}
        footer={
          <>
            <Button onClick={() => onOpenChange(false)}>Keep the pinned key</Button>
            <Button
              variant="primary"
              disabled={!isConfirmed || !hostKey}
              isBusy={pin.isPending}
              onClick={() => hostKey && pin.mutate(hostKey)}
            >
              Pin the new key
            </Button>
          </>
        }
      >
        {shown.error && <ErrorNotice error={shown.error} onRetry={() => void shown.refetch()} />}
        {!hostKey && !shown.error && <SkeletonRows count={3} />}
        {hostKey && (
          <HostKeyCheck
            hostKey={hostKey}
            pinnedFingerprint={node.hostKeyFingerprint}
            isPractice={node.isPractice}
            isConfirmed={isConfirmed}
            onConfirmedChange={setConfirmed}
          />
        )}
        {pin.error && <ErrorNotice error={pin.error} />}
      </DialogContent>
    </Dialog>
  );
}
