import { formatCount } from "@/components/format/format-number";
import { STAGE_LOOK } from "@/components/status/stage-table";
import { StatusBadge } from "@/components/status/status-badge";
import type { RunSummary } from "@/server/contracts/runs";
import { activeStages, failureReason, waitingReason } from "./prepare-run-row";

/** What a run does now: its stages at work and their steps, what it waits for, or how it ended. */
export function RunNow({ run }: { run: RunSummary }) {
  const active = activeStages(run.stages);
  if (active.length === 0) {
    const reason = waitingReason(run) ?? failureReason(run);
    return (
      <span className="flex min-w-0 items-baseline gap-2">
        <StatusBadge status={run.status} />
        {reason !== null && (
          <span className="truncate text-muted" title={reason}>
            {reason}
          </span>
        )}
      </span>
    );
  }
  const only = active.length === 1 ? active[0] : undefined;
  return (
    <span className="whitespace-nowrap">
      {active.map((stage, index) => (
        <span key={stage.id}>
          {index > 0 && <span className="text-muted"> and </span>}
          <span className={STAGE_LOOK[stage.kind].textClassName}>{STAGE_LOOK[stage.kind].short}</span>
        </span>
      ))}
      {only && only.stepsDone !== null && (
        <span className="num ml-1.5">
          {formatCount(only.stepsDone)} / {formatCount(only.stepsTotal)}
        </span>
      )}
      {only && only.status !== "running" && <span className="ml-1.5 text-muted">{only.status}</span>}
    </span>
  );
}
