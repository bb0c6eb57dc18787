"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { NODE_FILES, type RunSummary } from "@/server/contracts/runs";

export interface DeleteRunDialogProps {
  run: Pick<RunSummary, "id" | "name">;
  onClose: () => void;
  /** Default: to the list of runs. */
  onDeleted?: () => void;
}

/** Mounted while open. */
export function DeleteRunDialog({ run, onClose, onDeleted }: DeleteRunDialogProps) {
  const router = useRouter();
  const [nodeFiles, setNodeFiles] = useState<NodeFiles>("keep");
  const remove = useAction({
    run: () => request(`/runs/${run.id}?nodeFiles=${nodeFiles}`, { method: "DELETE" }),
    touches: ["/runs", "/evaluations"],
    removes: `/runs/${run.id}`,
    onDone: onDeleted ?? (() => router.push("/runs")),
  });
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Delete ${run.name}?`}
      description="Its logs, scalars and answers are removed here."
      confirmLabel="Delete run"
      isDangerous
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
    >
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 font-medium text-sm">Its files on the node</legend>
        {NODE_FILES.map((value) => (
          <label key={value} className="flex items-start gap-2">
            <input
              type="radio"
              name="node-files"
              className="mt-0.5 accent-fg"
              checked={nodeFiles === value}
              onChange={() => setNodeFiles(value)}
            />
            <span>
              {CHOICES[value].label}
              <span className="block text-muted">{CHOICES[value].note}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {remove.error && <ErrorNotice error={remove.error} />}
    </ConfirmDialog>
  );
}

type NodeFiles = (typeof NODE_FILES)[number];
const CHOICES = {
  keep: { label: "Keep all of them", note: "Logs, checkpoints and event files stay where they are." },
  logs: { label: "Delete logs and data caches", note: "Checkpoints and event files stay." },
  all: { label: "Delete everything", note: "Checkpoints too: they cannot be brought back." },
} as const satisfies Record<NodeFiles, { label: string; note: string }>;
