import type { StageParameters } from "../../contracts/recipes";
import type { StageKind } from "../../contracts/statuses";
import { effectiveValue } from "./effective-value";

/** How many samples one step stands for; null: the parameters do not tell. */
export interface SamplesPerStep {
  /** Of the log and of PPO's own event files: optimizer steps, PPO's generation batches. */
  step: number | null;
  /** Of DeepSpeed's engine: optimizer steps. */
  engineStep: number | null;
}

/** Batch sizes are a device's; ranks see different samples (training/step*\/main.py, DistributedSampler). */
export function samplesPerStep(
  stage: StageKind,
  parameters: StageParameters,
  gpuCount: number,
): SamplesPerStep {
  const product = (...names: string[]) => {
    const factors = names.map((name) => Number(effectiveValue(stage, parameters, name)));
    const samples = factors.reduce((total, factor) => total * factor, gpuCount);
    return Number.isFinite(samples) && samples > 0 ? samples : null;
  };
  if (stage !== "ppo") {
    const step = product("per_device_train_batch_size", "gradient_accumulation_steps");
    return { step, engineStep: step };
  }
  return {
    step: product("per_device_generation_batch_size"),
    engineStep: product("per_device_training_batch_size", "gradient_accumulation_steps"),
  };
}
