import { expect, test } from "vitest";
import { StageParameters } from "../contracts/recipes";
import { lighterFields } from "./lighter-fields";

const stage = (fields: StageParameters["fields"]) => StageParameters.parse({ fields });

test("half the batch takes twice the accumulation, so that a step sees as many samples", () => {
  const fields = { per_device_train_batch_size: 8, gradient_accumulation_steps: 2, zero_stage: 2 };
  expect(lighterFields("sft", stage(fields))).toEqual([
    {
      label: "Batch 4, accumulation 4",
      fields: { per_device_train_batch_size: 4, gradient_accumulation_steps: 4 },
    },
    { label: "ZeRO stage 3", fields: { zero_stage: 3 } },
  ]);
});

test("fields that were left out count with the program's default", () => {
  expect(lighterFields("reward", stage({}))).toEqual([
    {
      label: "Batch 8, accumulation 2",
      fields: { per_device_train_batch_size: 8, gradient_accumulation_steps: 2 },
    },
    { label: "ZeRO stage 1", fields: { zero_stage: 1 } },
  ]);
});

test("ppo halves both batches and raises both engines", () => {
  const fields = {
    ...{ per_device_generation_batch_size: 4, per_device_training_batch_size: 4 },
    ...{ actor_zero_stage: 2, critic_zero_stage: 0 },
  };
  expect(lighterFields("ppo", stage(fields)).map((option) => option.fields)).toEqual([
    {
      ...{ per_device_generation_batch_size: 2, per_device_training_batch_size: 2 },
      gradient_accumulation_steps: 2,
    },
    { actor_zero_stage: 3, critic_zero_stage: 3 },
  ]);
});

test("batch 1 at ZeRO 3 has no lighter setting of these kinds", () => {
  expect(lighterFields("sft", stage({ per_device_train_batch_size: 1, zero_stage: 3 }))).toEqual([]);
});
