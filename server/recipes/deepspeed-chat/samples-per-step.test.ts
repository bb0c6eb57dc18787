import { expect, it } from "vitest";
import type { FieldValue, StageParameters } from "../../contracts/recipes";
import { samplesPerStep } from "./samples-per-step";

const stage = (fields: Record<string, FieldValue>): StageParameters => ({
  fields,
  env: {},
  gpuCount: 1,
  gpuUuids: [],
});

it("an optimizer step is the batch of all devices and micro batches", () => {
  const fields = { per_device_train_batch_size: 4, gradient_accumulation_steps: 8 };
  expect(samplesPerStep("sft", stage(fields), 2)).toEqual({ step: 64, engineStep: 64 });
  expect(samplesPerStep("reward", stage({}), 1)).toEqual({ step: 16, engineStep: 16 });
});

it("a step of ppo is a generation batch, and its engines count training batches", () => {
  const fields = { per_device_generation_batch_size: 8, per_device_training_batch_size: 4 };
  expect(samplesPerStep("ppo", stage(fields), 2)).toEqual({ step: 16, engineStep: 8 });
});

it("is unknown where a batch size is no number", () => {
  expect(samplesPerStep("sft", stage({ per_device_train_batch_size: "large" }), 1).step).toBeNull();
});
