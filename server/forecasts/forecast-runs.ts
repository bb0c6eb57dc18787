import type { Context } from "../context";
import type { PastForecast, RunForecast } from "../contracts/forecasts";
import type { RunParameters } from "../contracts/runs";
import { isTerminal, type StageKind } from "../contracts/statuses";
import { effectiveValue } from "../recipes";
import { canStart, forecastRun, type RunStageFacts } from "./forecast-run";
import type { Prior, StepFacts } from "./forecast-stage";
import { wantedSteps } from "./live-pace";
import { pastForecasts, pastSteps } from "./past-forecasts";
import { type PriorReader, readPriors } from "./read-priors";
import { type AttemptRow, type RunRow, readRunRows, type StageRow } from "./read-run-rows";
import { findStepSeries, readStepMarks } from "./read-step-marks";

const NO_PRIOR: Prior = { time: null, reason: null, tailSeconds: null };
const NO_STEPS: StepFacts = { marks: [], arrivedSeconds: null, seenSeconds: null };

/** Forecasts by run. `withPast`: also what was said of stages that have succeeded. Runs that are not there are left out. */
export async function forecastRuns(
  ctx: Context,
  ids: readonly string[],
  { withPast }: { withPast: boolean },
): Promise<Map<string, RunForecast>> {
  const runs = await readRunRows(ctx.db.pool, ids, { withParameters: withPast });
  const steps = await readLiveSteps(ctx, runs);
  const forecasts = new Map<string, RunForecast>();
  for (const run of runs) {
    const { parameters } = run;
    const priors = parameters === null ? null : await readPriors(ctx, { ...run, parameters });
    const stages = await Promise.all(run.stages.map((stage) => factsOf(run, stage, { priors, steps })));
    const forecast = forecastRun({ ...run, stages }, ctx.now());
    forecasts.set(run.id, forecast);
    if (!withPast || priors === null) continue;
    for (const stage of run.stages) {
      const told = forecast.stages.find((one) => one.stage === stage.kind);
      if (told !== undefined) told.past = await readPast(ctx, { run, stage, priors });
    }
  }
  return forecasts;
}

async function factsOf(
  run: RunRow,
  stage: StageRow,
  { priors, steps }: { priors: PriorReader | null; steps: ReadonlyMap<string, StepFacts> },
): Promise<RunStageFacts> {
  const newest = currentAttempt(stage);
  const needsPrior = priors !== null && !isTerminal(stage.status);
  return {
    ...stage,
    canStart: canStart(stage, run.stages),
    gpuCount: newest?.gpuCount || stage.gpuUuids.length || stage.gpuCount,
    stepsDone: newest?.stepsDone ?? null,
    stepsTotal: newest?.stepsTotal ?? null,
    epochs: epochsOf(stage.kind, run.parameters),
    steps: (newest && steps.get(newest.id)) ?? NO_STEPS,
    prior: needsPrior ? await priors(stage.kind) : NO_PRIOR,
  };
}

/** A stage that waits for its next attempt has none. */
function currentAttempt({ status, attempts }: StageRow): AttemptRow | null {
  const newest = attempts.at(-1) ?? null;
  return status === "queued" && newest !== null && newest.endedSeconds !== null ? null : newest;
}

function epochsOf(kind: StageKind, parameters: RunParameters | null): number {
  if (parameters === null) return 1;
  return Math.max(1, Number(effectiveValue(kind, parameters.stages[kind], "num_train_epochs")) || 1);
}

/** Of every attempt that is under way, by its id. */
async function readLiveSteps(ctx: Context, runs: readonly RunRow[]): Promise<Map<string, StepFacts>> {
  const live = runs.flatMap(({ stages, parameters }) =>
    stages.flatMap((stage) => {
      const attempt = stage.status === "running" ? currentAttempt(stage) : null;
      return attempt === null
        ? []
        : [{ attempt, attemptId: attempt.id, kind: stage.kind, epochs: epochsOf(stage.kind, parameters) }];
    }),
  );
  const series = await findStepSeries(ctx.db.pool, live);
  const wanted = live.flatMap(({ attemptId, attempt: { stepsDone, stepsTotal }, epochs }) => {
    const seriesId = series.get(attemptId)?.seriesId;
    if (seriesId === undefined || stepsDone === null || stepsTotal === null) return [];
    return [{ seriesId, ranges: wantedSteps({ stepsDone, stepsTotal, epochs }) }];
  });
  const marks = await readStepMarks(ctx.db.pool, wanted);
  return new Map(
    live.map(({ attemptId, attempt: { seenSeconds } }) => {
      const own = series.get(attemptId);
      const arrivedSeconds = own?.arrivedSeconds ?? null;
      return [attemptId, { marks: (own && marks.get(own.seriesId)) ?? [], arrivedSeconds, seenSeconds }];
    }),
  );
}

async function readPast(
  ctx: Context,
  { run, stage, priors }: { run: RunRow; stage: StageRow; priors: PriorReader },
): Promise<PastForecast[]> {
  const attempt = stage.attempts.at(-1);
  if (stage.status !== "succeeded" || !attempt) return [];
  const { id, startedSeconds, endedSeconds, stepsTotal } = attempt;
  if (startedSeconds === null || endedSeconds === null || stepsTotal === null) return [];
  const epochs = epochsOf(stage.kind, run.parameters);
  const series = await findStepSeries(ctx.db.pool, [{ attemptId: id, kind: stage.kind }]);
  const seriesId = series.get(id)?.seriesId;
  const told = pastSteps(stepsTotal).flatMap((stepsDone) => wantedSteps({ stepsDone, stepsTotal, epochs }));
  const ranges: [number, number][] = [...told, [stepsTotal, stepsTotal]];
  const marks = await readStepMarks(ctx.db.pool, seriesId === undefined ? [] : [{ seriesId, ranges }]);
  const prior = await priors(stage.kind, new Date(startedSeconds * 1000));
  return pastForecasts({
    ...{ startedSeconds, endedSeconds, stepsTotal, epochs, prior },
    marks: (seriesId === undefined ? undefined : marks.get(seriesId)) ?? [],
  });
}
