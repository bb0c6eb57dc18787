import type { ScalarGroup } from "../scalars";
import type { AppendResult } from "./file-cursor";

type Progress = AppendResult["progress"];

/** Engines whose optimizer steps are the stage's. PPO has two engines, and its log tells of each batch. */
const ONE_ENGINE = /\bstep[12]_model_tensorboard\//;
const ENGINE_TAG = /^Train\/Samples\//;

/**
 * Optimizer steps by an event file, where its engine's are the stage's: the reward model's log is silent during an epoch
 * (training/step2_reward_model_finetuning/main.py), while DeepSpeed writes a learning rate at each step.
 */
export function eventProgress(path: string, groups: readonly ScalarGroup[]): Progress {
  if (!ONE_ENGINE.test(path)) return null;
  let stepsDone: number | null = null;
  for (const { sourceTag, steps, length } of groups) {
    if (!ENGINE_TAG.test(sourceTag)) continue;
    for (let i = 0; i < length; i += 1) stepsDone = Math.max(stepsDone ?? 0, steps[i] ?? 0);
  }
  return stepsDone === null ? null : { stepsDone, stepsTotal: null };
}

/** What two files of one attempt tell together: the further one, and whichever knows the total. */
export function mergeProgress(one: Progress, other: Progress): Progress {
  if (one === null || other === null) return one ?? other;
  const done = [one.stepsDone, other.stepsDone].filter((steps) => steps !== null);
  return {
    stepsDone: done.length === 0 ? null : Math.max(...done),
    stepsTotal: one.stepsTotal ?? other.stepsTotal,
  };
}

/** What two parts of one log say about its end, the earlier one first. */
export function mergeEvidence(
  before: AppendResult["evidence"] | null,
  after: AppendResult["evidence"] | null,
): AppendResult["evidence"] | null {
  if (before === null || after === null) return after ?? before;
  return {
    cudaOutOfMemory: before.cudaOutOfMemory ?? after.cudaOutOfMemory,
    exitsWithReturnCode: before.exitsWithReturnCode ?? after.exitsWithReturnCode,
    lastTraceback: after.lastTraceback ?? before.lastTraceback,
    killedSubprocess: before.killedSubprocess || after.killedSubprocess,
  };
}
