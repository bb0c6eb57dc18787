import type { FieldValue, Preset } from "../../contracts/recipes";

const DATA: Record<string, FieldValue> = { data_path: ["practice/helpful"], data_split: "4,3,3", seed: 1234 };
const MODEL = "practice/tiny-lm";

/** For the practice node: the three stages together take well under a minute on two cores. */
export const PRACTICE_PRESET: Preset = {
  id: "practice",
  name: "Practice run",
  modelSize: "tiny",
  deployment: "practice",
  description:
    "A tiny language model on the practice node: the whole pipeline, really trained, in under a minute and without a GPU.",
  scripts: [],
  isPractice: true,
  stages: {
    sft: {
      fields: {
        ...DATA,
        model_name_or_path: MODEL,
        per_device_train_batch_size: 4,
        per_device_eval_batch_size: 8,
        max_seq_len: 96,
        learning_rate: 1.5e-2,
        num_train_epochs: 10,
        lr_scheduler_type: "cosine",
        num_warmup_steps: 10,
        zero_stage: 2,
      },
      env: {},
      gpuCount: 1,
      gpuUuids: [],
    },
    reward: {
      fields: {
        ...DATA,
        model_name_or_path: MODEL,
        num_padding_at_beginning: 0,
        per_device_train_batch_size: 8,
        per_device_eval_batch_size: 8,
        max_seq_len: 96,
        learning_rate: 4e-3,
        num_train_epochs: 8,
        lr_scheduler_type: "cosine",
        num_warmup_steps: 5,
        eval_interval: 14,
        zero_stage: 2,
      },
      env: {},
      gpuCount: 1,
      gpuUuids: [],
    },
    ppo: {
      fields: {
        ...DATA,
        num_padding_at_beginning: 0,
        per_device_generation_batch_size: 4,
        per_device_training_batch_size: 4,
        generation_batches: 1,
        ppo_epochs: 1,
        max_prompt_seq_len: 48,
        max_answer_seq_len: 48,
        actor_learning_rate: 8e-4,
        critic_learning_rate: 3e-3,
        num_train_epochs: 3,
        lr_scheduler_type: "cosine",
        num_warmup_steps: 5,
        actor_zero_stage: 2,
        critic_zero_stage: 2,
      },
      env: {},
      gpuCount: 2,
      gpuUuids: [],
    },
  },
};
