"use client";

import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { showToast } from "@/components/ui/toast";
import type { AttemptView, RunView, StageView } from "@/server/contracts/runs";
import { canRetry, canStop } from "./prepare-pipeline";

export interface StageActionsProps {
  run: RunView;
  stage: StageView;
  attempt: AttemptView | null;
  onAttemptChange: (attemptId: string) => void;
  onStop: () => void;
}

/** At the end of the tab line: which attempt is shown, and what can be done to the stage. */
export function StageActions({ run, stage, attempt, onAttemptChange, onStop }: StageActionsProps) {
  const retry = useAction({
    run: () => request<RunView>(`/runs/${run.id}/retry`, { method: "POST", body: { stage: stage.kind } }),
    touches: ["/runs", "/nodes"],
    onError: (error) =>
      showToast({
        tone: "bad",
        text: error.message,
        action: { label: "Try again", run: () => retry.mutate() },
      }),
  });
  return (
    <>
      {stage.attempts.length > 1 && (
        <Select
          aria-label="Attempt"
          className="max-w-44"
          value={attempt?.id ?? ""}
          onValueChange={onAttemptChange}
          options={stage.attempts.map(({ id, number, status }) => ({
            value: id,
            label: `attempt ${number}, ${status}`,
          }))}
        />
      )}
      {canStop(stage) && (
        <Button size="sm" variant="danger" onClick={onStop}>
          Stop stage
        </Button>
      )}
      {canRetry(stage) && (
        <Button size="sm" isBusy={retry.isPending} onClick={() => retry.mutate()}>
          Retry stage
        </Button>
      )}
    </>
  );
}
