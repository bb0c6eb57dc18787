import type { RunSummary } from "@/server/contracts/runs";
import { isTerminal } from "@/server/contracts/statuses";

type Stage = RunSummary["stages"][number];

/** Stages that do something now, in the pipeline's order. */
export function activeStages(stages: readonly Stage[]): Stage[] {
  return stages.filter((stage) => ["starting", "running", "stopping"].includes(stage.status));
}

/** The stage whose figure speaks for the run: the last one at work, else the last one that has a figure. */
export function speakingStage(stages: readonly Stage[]): Stage | null {
  const withFigure = stages.filter((stage) => stage.headline !== null);
  return activeStages(withFigure).at(-1) ?? withFigure.at(-1) ?? null;
}

/** How full a stage's segment is, 0 to 1. */
export function stageFill(stage: Pick<Stage, "status" | "progress">): number {
  return stage.status === "succeeded" ? 1 : (stage.progress ?? 0);
}

/** Why nothing of the run works now, or null when something does. */
export function waitingReason(run: Pick<RunSummary, "status" | "stages">): string | null {
  if (isTerminal(run.status) || activeStages(run.stages).length > 0) return null;
  const waiting = run.stages.find((stage) => stage.status === "queued");
  return waiting?.reason ?? "waits for its turn";
}

/** What went wrong, of a run that has ended badly. */
export function failureReason(run: Pick<RunSummary, "stages">): string | null {
  return (
    run.stages.find((stage) => stage.status === "failed" || stage.status === "interrupted")?.reason ?? null
  );
}
