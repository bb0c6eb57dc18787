import type { StepKind } from "./canonical-tags";

/** Per file. Plain JSON, so that a later process goes on with the same steps. */
export interface EventStepsState {
  /** Training samples per optimizer step; null until the first record that tells. */
  samplesPerStep: number | null;
  /** Of tags whose step starts again each epoch: the last step as written, and what is added to it. */
  epochs: Record<string, { last: number; offset: number }>;
}

export function initialEventSteps(): EventStepsState {
  return { samplesPerStep: null, epochs: {} };
}

/**
 * Learns the samples per step: global_samples starts at 0 and grows by one batch a step, so the smallest positive
 * one in a file is the batch.
 */
export function learnSamplesPerStep(state: EventStepsState, step: number): void {
  if (state.samplesPerStep === null && step > 0) state.samplesPerStep = step;
}

/**
 * The step to store for a step as written: optimizer steps from 1 for DeepSpeed's engine tags, batches from 1 over
 * all epochs for PPO's own tags, else unchanged. Never falls within one tag of one file.
 */
export function monotonicStep(state: EventStepsState, kind: StepKind, tag: string, step: number): number {
  if (kind === "own") return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, step));
  if (kind === "samples") return Math.round(step / (state.samplesPerStep ?? 1));
  if (kind === "samplesBefore") return step === 0 ? 1 : Math.round(step / (state.samplesPerStep ?? 1)) + 1;
  const known = state.epochs[tag];
  // A tag is written once a batch, so a step that does not grow is the next epoch's.
  const offset = known === undefined ? 0 : step > known.last ? known.offset : known.offset + known.last + 1;
  state.epochs[tag] = { last: step, offset };
  return offset + step + 1;
}
