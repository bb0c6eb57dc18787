"use client";

import { useState } from "react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { useFocusInvalid } from "@/components/hooks/use-focus-invalid";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import type { HostKey, NodeView, UpdateNodeInput } from "@/server/contracts/nodes";
import { HostKeyCheck } from "./host-key-check";
import { NodeAddressFields, NodeCredentialFields } from "./node-form-fields";
import { formOfNode, needsCredential, parseNodeChanges } from "./node-form-values";
import { NodeSettingsFields } from "./node-settings-fields";

export interface EditNodeDialogProps {
  node: NodeView;
  onClose: () => void;
  /** Opened for the price or another setting: those are unfolded. */
  isForSettings?: boolean;
}

/** Mounted while open. Another address answers with its key first, which is then confirmed here. */
export function EditNodeDialog({ node, onClose, isForSettings = false }: EditNodeDialogProps) {
  const [values, setValues] = useState(() => formOfNode(node));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [isConfirmed, setConfirmed] = useState(false);
  const [newKey, setNewKey] = useState<HostKey | null>(null);
  const form = useFocusInvalid<HTMLFormElement>();
  const save = useAction({
    run: (changes: UpdateNodeInput) =>
      request<NodeView>(`/nodes/${node.id}`, { method: "PATCH", body: changes }),
    touches: ["/nodes"],
    onDone: onClose,
    onError: (error) => {
      const isKeyQuestion = error.code === "HOST_KEY_UNKNOWN" || error.code === "HOST_KEY_MISMATCH";
      if (isKeyQuestion) setNewKey(error.details.hostKey ?? null);
      setErrors(Object.fromEntries((error.details.fields ?? []).map(({ path, message }) => [path, message])));
    },
  });

  function submit() {
    const parsed = parseNodeChanges(node, values);
    setErrors(parsed.isOk ? {} : parsed.fields);
    if (!parsed.isOk) form.focusInvalid();
    else save.mutate({ ...parsed.data, ...(newKey && isConfirmed ? { hostKey: newKey } : {}) });
  }

  const fields = {
    values,
    errors,
    onChange: (changes: Partial<typeof values>) => {
      setValues((now) => ({ ...now, ...changes }));
      if (changes.host !== undefined || changes.port !== undefined) setNewKey(null);
    },
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={`Edit ${node.name}`}
        footer={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              variant="primary"
              isBusy={save.isPending}
              disabled={newKey !== null && !isConfirmed}
              onClick={submit}
            >
              Save
            </Button>
          </>
        }
      >
        <form
          ref={form.ref}
          noValidate
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <NodeAddressFields {...fields} />
          <NodeCredentialFields {...fields} isCredentialKept={!needsCredential(node, values)} />
          <NodeSettingsFields {...fields} isUnfolded={isForSettings} />
          {newKey && (
            <HostKeyCheck
              hostKey={newKey}
              isPractice={node.isPractice}
              pinnedFingerprint={node.hostKeyFingerprint}
              isConfirmed={isConfirmed}
              onConfirmedChange={setConfirmed}
            />
          )}
          {save.error && !newKey && <ErrorNotice error={save.error} onRetry={submit} />}
        </form>
      </DialogContent>
    </Dialog>
  );
}
