import type { StageKind } from "../contracts/statuses";
import type { StageWork } from "./work";

/** A stage that finished here. */
export interface FinishedStage {
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
}

export interface WantedStage {
  stage: StageKind;
  modelName: string;
  gpuCount: number;
  work: StageWork;
}

/**
 * Seconds by what the same stage of the same model took on the same kind of GPU: the median, in proportion to samples,
 * epochs, length and GPUs. A stage on other data counts where the size of both is known. null: none such has finished.
 */
export function ownPace(finished: readonly FinishedStage[], wanted: WantedStage): OwnPace | null {
  const seconds = finished
    .filter(({ stage, modelName }) => stage === wanted.stage && modelName === wanted.modelName)
    .flatMap((one) => {
      const ratio = workRatio(one.work, wanted.work);
      return ratio === null ? [] : [one.seconds * ratio * (one.gpuCount / wanted.gpuCount)];
    })
    .sort((a, b) => a - b);
  const median = seconds[Math.floor(seconds.length / 2)];
  return median === undefined ? null : { seconds: median, runCount: seconds.length };
}

function workRatio(done: StageWork, wanted: StageWork): number | null {
  const passes = (wanted.epochs * wanted.length) / (done.epochs * done.length);
  if (!Number.isFinite(passes) || passes <= 0) return null;
  if (done.dataKey === wanted.dataKey) return passes;
  if (done.samples === null || wanted.samples === null || done.samples === 0) return null;
  return passes * (wanted.samples / done.samples);
}
