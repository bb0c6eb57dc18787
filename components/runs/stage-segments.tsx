import { STAGE_LOOK } from "@/components/status/stage-table";
import { STATUS_LOOK } from "@/components/status/status-table";
import { cn } from "@/components/ui/cn";
import type { RunSummary } from "@/server/contracts/runs";
import { stageFill } from "./prepare-run-row";

/** One short bar a stage, filled as far as it has come; a failed one is drawn in the colour of failure. */
export function StageSegments({ stages, className }: { stages: RunSummary["stages"]; className?: string }) {
  const label = stages
    .map(
      (stage) =>
        `${STAGE_LOOK[stage.kind].short} ${STATUS_LOOK[stage.status].label}, ${Math.round(stageFill(stage) * 100)} %`,
    )
    .join("; ");
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      className={cn("grid w-[150px] max-w-full grid-flow-col gap-[3px]", className)}
    >
      {stages.map((stage) => (
        <span key={stage.id} className="h-1.5 overflow-hidden rounded-full bg-line">
          <span
            className="block h-full origin-left rounded-full transition-transform duration-150"
            style={{
              background: stage.status === "failed" ? "var(--bad)" : STAGE_LOOK[stage.kind].color,
              transform: `scaleX(${stage.status === "failed" ? 1 : stageFill(stage)})`,
            }}
          />
        </span>
      ))}
    </span>
  );
}
