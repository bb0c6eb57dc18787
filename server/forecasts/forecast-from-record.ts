import type { RunForecast } from "../contracts/forecasts";
import type { AttemptView } from "../contracts/runs";
import { isTerminal } from "../contracts/statuses";
import type { RunRecord } from "../runs";
import { canStart, forecastRun } from "./forecast-run";
import type { AttemptFacts } from "./forecast-stage";

const REASON = "The forecast could not be made just now.";

/**
 * What a run alone tells where a forecast could not be made: GPU hours, what ended stages took, and of what is to come
 * that nobody knows. Without costs: the price is the node's. Pure.
 */
export function forecastFromRecord({ stages }: RunRecord, now: Date): RunForecast {
  const forecast = forecastRun(
    {
      nodeGpuCount: Number.POSITIVE_INFINITY,
      pricePerGpuHour: null,
      stages: stages.map((stage) => ({
        ...{ kind: stage.kind, status: stage.status, gpuUuids: stage.gpuUuids, gpuCount: stage.gpuCount },
        ...{ stepsDone: null, stepsTotal: null, epochs: 1, canStart: canStart(stage, stages) },
        attempts: stage.attempts.map(attemptFacts),
        steps: { marks: [], arrivedSeconds: null, seenSeconds: null },
        prior: { time: null, reason: null, tailSeconds: null },
      })),
    },
    now,
  );
  const isOver = (kind: string) => stages.some((one) => one.kind === kind && isTerminal(one.status));
  const told = forecast.stages.map((stage) => (isOver(stage.stage) ? stage : { ...stage, reason: REASON }));
  return { ...forecast, stages: told };
}

function attemptFacts({ status, gpuUuids, startedAt, endedAt }: AttemptView): AttemptFacts {
  const seconds = (at: string | null) => (at === null ? null : Date.parse(at) / 1000);
  return {
    status,
    gpuCount: gpuUuids.length,
    startedSeconds: seconds(startedAt),
    endedSeconds: seconds(endedAt),
  };
}
