import type { RunForecast, StageForecast } from "../contracts/forecasts";
import { isTerminal, type StageKind, type Status } from "../contracts/statuses";
import { forecastStage, gpuHoursOf, type StageFacts } from "./forecast-stage";

/** A stage of a run, with what decides beside which other it runs. */
export interface RunStageFacts extends StageFacts {
  /** Chosen ones; empty: any. */
  gpuUuids: readonly string[];
}

export interface RunFacts {
  stages: readonly RunStageFacts[];
  /** GPUs of the node that a training can use. */
  nodeGpuCount: number;
  pricePerGpuHour: number | null;
}

/**
 * A run as a whole. Time: supervised fine-tuning and reward model side by side where their GPUs allow it, else one after
 * the other, and then PPO. Cost: the sum over all attempts, also those that failed.
 */
export function forecastRun({ stages, nodeGpuCount, pricePerGpuHour }: RunFacts, now: Date): RunForecast {
  const nowSeconds = now.getTime() / 1000;
  const forecasts = stages.map((stage) => forecastStage(stage, nowSeconds));
  const lost = stages.flatMap(({ attempts }) =>
    attempts.filter(
      ({ status, startedSeconds }) => isTerminal(status) && status !== "succeeded" && startedSeconds !== null,
    ),
  );
  const spent = sum(forecasts.map(({ gpuHoursSpent }) => gpuHoursSpent));
  const expected = sumOfKnown(forecasts.map(({ gpuHoursExpected }) => gpuHoursExpected));
  const costOf = (hours: number | null) =>
    hours === null || pricePerGpuHour === null ? null : hours * pricePerGpuHour;
  return {
    asOf: now.toISOString(),
    secondsLeft: pathSeconds(stages, forecasts, nodeGpuCount),
    gpuHoursSpent: spent,
    gpuHoursExpected: expected,
    gpuHoursLost: sum(lost.map((attempt) => gpuHoursOf(attempt, nowSeconds))),
    lostAttemptCount: lost.length,
    pricePerGpuHour,
    costSpent: costOf(spent),
    costExpected: costOf(expected),
    stages: forecasts,
  };
}

/** PPO, while it waits, may start some day: no stage before it has ended badly. */
export function canStart(
  { kind, status }: { kind: StageKind; status: Status },
  stages: readonly { kind: StageKind; status: Status }[],
): boolean {
  if (kind !== "ppo" || status !== "queued") return true;
  return stages.every((one) => one.kind === "ppo" || !isTerminal(one.status) || one.status === "succeeded");
}

/** null: nothing is left, or a stage on the way cannot tell. */
function pathSeconds(
  stages: readonly RunStageFacts[],
  forecasts: readonly StageForecast[],
  nodeGpuCount: number,
): number | null {
  const open = stages.filter(({ status, canStart }) => !isTerminal(status) && canStart);
  if (open.length === 0) return null;
  const leftOf = (stage: RunStageFacts) =>
    forecasts.find((forecast) => forecast.stage === stage.kind)?.secondsLeft ?? null;
  const first = open.filter(({ kind }) => kind !== "ppo");
  const then = open.filter(({ kind }) => kind === "ppo").map(leftOf);
  const sides = first.map(leftOf);
  const isSerial = first.some(({ status }) => status === "queued") && contend(first, nodeGpuCount);
  const before = isSerial ? sumOfKnown(sides) : longest(sides);
  return sumOfKnown([before, ...then]);
}

/** Two stages want the same GPUs, or together more than there are. */
function contend(stages: readonly RunStageFacts[], nodeGpuCount: number): boolean {
  const chosen = stages.flatMap(({ gpuUuids }) => gpuUuids);
  if (new Set(chosen).size < chosen.length) return true;
  return stages.length > 1 && sum(stages.map(({ gpuCount }) => gpuCount)) > nodeGpuCount;
}

function longest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : Math.max(0, ...known);
}

function sumOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : sum(known);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
