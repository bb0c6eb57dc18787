import type { RunView, StageView } from "@/server/contracts/runs";
import { isTerminal, type StageKind } from "@/server/contracts/statuses";

/** The stage that a page opens with: what needs somebody, then what works, then what has last ended. */
export function stageOfInterest(stages: readonly StageView[]): StageKind {
  const bad = stages.find(({ status }) => status === "failed" || status === "interrupted");
  const busy = stages.find(
    ({ status }) => status === "running" || status === "starting" || status === "stopping",
  );
  const ended = stages.findLast(({ status }) => isTerminal(status) && status !== "cancelled");
  return (bad ?? busy ?? ended ?? stages[0])?.kind ?? "sft";
}

export interface GateView {
  state: "waiting" | "open" | "closed";
  label: string;
  /** What ppo takes, and whether it is there. */
  inputs: { name: string; state: "ready" | "waiting" | "missing"; text: string }[];
}

const INPUT_NAME = { sft: "actor", reward: "reward model" } as const;

/** What stands between the first two stages and ppo: it takes both checkpoints, so both have to have succeeded. */
export function gateOf(stages: readonly StageView[]): GateView {
  const inputs = (["sft", "reward"] as const).map((kind) => {
    const stage = stages.find((candidate) => candidate.kind === kind);
    return { name: INPUT_NAME[kind], ...inputState(stage) };
  });
  if (inputs.every(({ state }) => state === "ready")) return { state: "open", label: "gate open", inputs };
  if (inputs.some(({ state }) => state === "missing"))
    return { state: "closed", label: "gate closed", inputs };
  return { state: "waiting", label: "waits for both", inputs };
}

function inputState(stage: StageView | undefined): Pick<GateView["inputs"][number], "state" | "text"> {
  if (stage?.status === "succeeded") return { state: "ready", text: "saved" };
  if (stage && isTerminal(stage.status)) return { state: "missing", text: stage.status };
  return { state: "waiting", text: "not yet" };
}

export type RunAct = "stop" | "delete";

/** A run that works or waits can be stopped, an ended one can be deleted. */
export function runAct(run: Pick<RunView, "status">): RunAct {
  return isTerminal(run.status) ? "delete" : "stop";
}

/** A stage that ended without success can be tried again; what depends on it goes on from there. */
export function canRetry(stage: Pick<StageView, "status">): boolean {
  return isTerminal(stage.status) && stage.status !== "succeeded";
}

export function canStop(stage: Pick<StageView, "status">): boolean {
  return stage.status === "running" || stage.status === "starting" || stage.status === "queued";
}

/** GPU hours of the attempts so far, or null before the first GPU was held. */
export function gpuHours(run: Pick<RunView, "stages">, nowMs: number): number | null {
  let hours = 0;
  let isStarted = false;
  for (const attempt of run.stages.flatMap((stage) => stage.attempts)) {
    if (attempt.startedAt === null) continue;
    isStarted = true;
    const end = attempt.endedAt === null ? nowMs : Date.parse(attempt.endedAt);
    hours += (Math.max(0, end - Date.parse(attempt.startedAt)) / 3_600_000) * attempt.gpuUuids.length;
  }
  return isStarted ? hours : null;
}
