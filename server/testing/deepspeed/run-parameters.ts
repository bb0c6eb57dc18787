import { CreateRunInput } from "../../contracts/runs";
import type { RealNode } from "./real-node";

const DATA = { data_path: ["local/jsonfile"], data_split: "4,3,3", seed: 1234, dtype: "bf16" };
const ROW_COUNT = 80;
const BATCH = 4;
const EPOCHS = 2;

/** Optimizer steps (PPO: batches) that each stage has to report, by the split of the training rows. */
export const EXPECTED_STEPS = {
  sft: (EPOCHS * ROW_COUNT * 0.4) / BATCH,
  reward: (EPOCHS * ROW_COUNT * 0.3) / BATCH,
  ppo: (ROW_COUNT * 0.3) / BATCH,
} as const;
export const ROWS = { train: ROW_COUNT, evaluation: 40 } as const;

/** The three stages on one GPU after each other, small enough for two processor cores, then answers of all four models. */
export function runParameters(node: RealNode): CreateRunInput {
  const place = { env: {}, gpuCount: 1, gpuUuids: [node.gpuUuid] };
  const batches = { per_device_train_batch_size: BATCH, per_device_eval_batch_size: BATCH, max_seq_len: 64 };
  const model = { model_name_or_path: node.modelDirectory, zero_stage: 2 };
  return CreateRunInput.parse({
    name: "Real DeepSpeed-Chat",
    nodeId: node.id,
    idempotencyKey: "real-deepspeed-chat",
    parameters: {
      stages: {
        sft: {
          ...place,
          fields: { ...DATA, ...batches, ...model, learning_rate: 1e-3, num_train_epochs: EPOCHS },
        },
        reward: {
          ...place,
          fields: {
            ...DATA,
            ...batches,
            ...model,
            learning_rate: 1e-3,
            num_train_epochs: EPOCHS,
            num_padding_at_beginning: 1,
          },
        },
        ppo: {
          ...place,
          fields: {
            ...DATA,
            num_padding_at_beginning: 1,
            per_device_generation_batch_size: BATCH,
            per_device_training_batch_size: BATCH,
            generation_batches: 1,
            ppo_epochs: 1,
            max_prompt_seq_len: 32,
            max_answer_seq_len: 16,
            actor_learning_rate: 1e-4,
            critic_learning_rate: 1e-4,
            num_train_epochs: 1,
            actor_zero_stage: 2,
            critic_zero_stage: 2,
            enable_ema: true,
          },
        },
      },
      evaluation: {
        prompts: ["Human: What does the cat eat? Assistant:", "Human: What does the owl see? Assistant:"],
        settings: { maxNewTokens: 16 },
      },
    },
  });
}
