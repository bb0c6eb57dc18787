"use client";

import { useState } from "react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { STAGE_LOOK } from "@/components/status/stage-table";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { RunView } from "@/server/contracts/runs";
import type { StageKind } from "@/server/contracts/statuses";

export interface StopDialogProps {
  run: RunView;
  /** Null: the whole run. */
  stage: StageKind | null;
  onClose: () => void;
}

const GRACE = [
  { value: "0", label: "at once" },
  { value: "10", label: "after 10 s" },
  { value: "30", label: "after 30 s" },
  { value: "120", label: "after 2 min" },
  { value: "600", label: "after 10 min" },
] as const;

/** Mounted while open. TERM first, KILL after the grace; neither stage saves checkpoints while it trains. */
export function StopDialog({ run, stage, onClose }: StopDialogProps) {
  const [grace, setGrace] = useState("30");
  const stop = useAction({
    run: () =>
      request<RunView>(`/runs/${run.id}/stop`, {
        method: "POST",
        body: { graceSeconds: Number(grace), ...(stage === null ? {} : { stage }) },
      }),
    touches: ["/runs", "/attempts", "/nodes"],
    onDone: onClose,
  });
  const what = stage === null ? "the run" : STAGE_LOOK[stage].label;
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={stage === null ? `Stop ${run.name}?` : `Stop ${what}?`}
      description={
        <>
          The training is asked to end, then ended by force. Stages that have not saved their model lose what
          they learned: DeepSpeed-Chat saves at the end of a stage only.
        </>
      }
      confirmLabel={stage === null ? "Stop run" : "Stop stage"}
      isDangerous
      isBusy={stop.isPending}
      onConfirm={() => stop.mutate()}
    >
      <Field label="End by force" className="max-w-48">
        {(control) => <Select {...control} options={GRACE} value={grace} onValueChange={setGrace} />}
      </Field>
      {stop.error && <ErrorNotice error={stop.error} />}
    </ConfirmDialog>
  );
}
