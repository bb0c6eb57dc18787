import type { StageParameters } from "../contracts/recipes";
import type { StageKind } from "../contracts/statuses";
import type { StageWork } from "./work";

/** A stage that finished here. */
export interface FinishedStage {
  attemptId: string;
  endedAt: Date;
  /** Equal for stages with the same fields. */
  fieldsKey: string;
  stage: StageKind;
  modelName: string;
  gpuCount: number;
  seconds: number;
  work: StageWork;
}

export interface OwnPace {
  seconds: number;
  /** How many finished stages it is the median of. */
  runCount: number;
  /** All of them had the same fields and as many GPUs. */
  isSameSettings: boolean;
  /** Those stages' attempts, in the order in which they were given. */
  attemptIds: string[];
}

export interface WantedStage {
  fieldsKey: string;
  stage: StageKind;
  modelName: string;
  gpuCount: number;
  work: StageWork;
}

/**
 * Seconds by what the same stage of the same model took on the same kind of GPU: the median of those with the same fields
 * and as many GPUs, or when there is none, of all in proportion to samples, epochs, length and GPUs. A stage on other
 * data counts where the size of both is known. null: none such has finished.
 */
export function ownPace(finished: readonly FinishedStage[], wanted: WantedStage): OwnPace | null {
  const alike = finished
    .filter(({ stage, modelName }) => stage === wanted.stage && modelName === wanted.modelName)
    .flatMap((one) => {
      const ratio = workRatio(one.work, wanted.work);
      return ratio === null ? [] : [{ one, seconds: one.seconds * ratio * (one.gpuCount / wanted.gpuCount) }];
    });
  const same = alike.filter(
    ({ one }) => one.fieldsKey === wanted.fieldsKey && one.gpuCount === wanted.gpuCount,
  );
  const used = same.length > 0 ? same : alike;
  const sorted = used.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined) return null;
  return {
    ...{ seconds: median, runCount: sorted.length, isSameSettings: same.length > 0 },
    attemptIds: used.map(({ one }) => one.attemptId),
  };
}

/** Of a stage's fields, in whatever order they were given. */
export function fieldsKeyOf({ fields }: StageParameters): string {
  return JSON.stringify(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function workRatio(done: StageWork, wanted: StageWork): number | null {
  const passes = (wanted.epochs * wanted.length) / (done.epochs * done.length);
  if (!Number.isFinite(passes) || passes <= 0) return null;
  if (done.dataKey === wanted.dataKey) return passes;
  if (done.samples === null || wanted.samples === null || done.samples === 0) return null;
  return passes * (wanted.samples / done.samples);
}
