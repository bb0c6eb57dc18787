import { z } from "zod";
import { Timestamp } from "./primitives";
import { STAGE_KINDS } from "./statuses";

/**
 * What a time rests on. steps: the stage's own last steps. own: finished stages of the same model and kind of GPU here.
 * published: figures of DeepSpeed-Chat's authors. actual: it has ended, this is what it took.
 */
export const FORECAST_BASES = ["steps", "own", "published", "actual"] as const;
export type ForecastBasis = (typeof FORECAST_BASES)[number];

/** What was, or would have been, said of a stage's whole time when it had done `step` steps; 0: before it started. */
export const PastForecast = z.object({
  step: z.number().int(),
  seconds: z.number(),
  basis: z.enum(FORECAST_BASES),
});
export type PastForecast = z.infer<typeof PastForecast>;

/** Time of a stage's newest attempt, GPU hours of all of them. */
export const StageForecast = z.object({
  stage: z.enum(STAGE_KINDS),
  /** From now on, or from its start on while it waits; waiting for GPUs is not in it. null: see `reason`, or it has ended. */
  secondsLeft: z.number().nullable(),
  /** From its start to its end; null when it cannot be told. */
  totalSeconds: z.number().nullable(),
  basis: z.enum(FORECAST_BASES).nullable(),
  /** Of steps: how many they are. Of own: how many finished stages it is the median of. */
  basisCount: z.number().int(),
  /** Of own: all of them had the same fields and as many GPUs. */
  isSameSettings: z.boolean(),
  /** What the basis is known to be wrong by, as a share of the time; null: not known. */
  errorShare: z.number().nullable(),
  /** Seconds without a step, once that is far longer than its steps and pauses were. */
  silentSeconds: z.number().nullable(),
  /** Why no time is told. */
  reason: z.string().nullable(),
  gpuHoursSpent: z.number(),
  /** Spent ones included; null when the time left cannot be told. */
  gpuHoursExpected: z.number().nullable(),
  /** Of a stage that succeeded: what was said before. Filled for a single run only. */
  past: z.array(PastForecast),
});
export type StageForecast = z.infer<typeof StageForecast>;

/** When a run ends and what it costs. Its evaluation is not in it. */
export const RunForecast = z.object({
  /** What is left is counted from here, by the server's clock. */
  asOf: Timestamp,
  /** By the longest path through the stages; null when one of them cannot tell, or nothing is left. */
  secondsLeft: z.number().nullable(),
  /** GPUs held, by the hours that they were held. */
  gpuHoursSpent: z.number(),
  gpuHoursExpected: z.number().nullable(),
  /** Of the spent ones: those of attempts that did not succeed, and how many these are. */
  gpuHoursLost: z.number(),
  lostAttemptCount: z.number().int(),
  /** Of the node, as it is set now; null: no price is set, and there are no costs. */
  pricePerGpuHour: z.number().nullable(),
  /** In the currency of the price. */
  costSpent: z.number().nullable(),
  costExpected: z.number().nullable(),
  stages: z.array(StageForecast),
});
export type RunForecast = z.infer<typeof RunForecast>;
