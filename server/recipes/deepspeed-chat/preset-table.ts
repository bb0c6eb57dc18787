import type { FieldValue } from "../../contracts/recipes";

type Fields = Record<string, FieldValue>;

/** One preset: which shipped scripts it joins, and where it departs from them. */
export interface PresetRow {
  id: string;
  name: string;
  modelSize: string;
  deployment: "single_gpu" | "single_node" | "multi_node";
  description: string;
  /** Names of shipped scripts, see shippedScript. */
  sft: string;
  reward: string;
  ppo: string;
  gpuCount: { sft: number; reward: number; ppo: number };
  changes?: { sft?: Fields; reward?: Fields; ppo?: Fields };
}

const ALL = (count: number) => ({ sft: count, reward: count, ppo: count });
// The Llama scripts pass 1, which is right for OPT only.
const LLAMA_PPO: Fields = { num_padding_at_beginning: 0 };

export const PRESET_ROWS: readonly PresetRow[] = [
  {
    id: "opt-1.3b-2xa30",
    name: "OPT-1.3B on 2 × A30 24 GB",
    modelSize: "1.3B",
    deployment: "single_node",
    description:
      "Batch 4 per GPU with ZeRO-2 and 512 tokens: what fits two 24 GB cards. Batch 8, as shipped, does not.",
    sft: "opt/single_node/run_1.3b",
    reward: "opt/single_node/run_350m",
    ppo: "opt/single_node/run_1.3b",
    gpuCount: ALL(2),
    changes: {
      sft: { per_device_train_batch_size: 4, per_device_eval_batch_size: 4, gradient_checkpointing: true },
      reward: { zero_stage: 2 },
      ppo: { actor_gradient_checkpointing: true, enable_ema: false },
    },
  },
  {
    id: "opt-1.3b-single-gpu",
    name: "OPT-1.3B, one GPU",
    modelSize: "1.3B",
    deployment: "single_gpu",
    description: "LoRA rank 128, batch 16 with accumulation. For one GPU with 48 GB or more.",
    sft: "opt/single_gpu/run_1.3b",
    reward: "opt/single_gpu/run_350m",
    ppo: "opt/single_gpu/run_1.3b",
    gpuCount: ALL(1),
  },
  {
    id: "opt-6.7b-lora-single-gpu",
    name: "OPT-6.7B LoRA, one GPU",
    modelSize: "6.7B",
    deployment: "single_gpu",
    description: "LoRA rank 128 with gradient checkpointing. For one GPU with 80 GB.",
    sft: "opt/single_gpu/run_6.7b_lora",
    reward: "opt/single_gpu/run_350m",
    ppo: "opt/single_gpu/run_6.7b_lora",
    gpuCount: ALL(1),
  },
  {
    id: "opt-1.3b-single-node",
    name: "OPT-1.3B, one node",
    modelSize: "1.3B",
    deployment: "single_node",
    description: "All weights trained with ZeRO-2, and an averaged actor. Made for 8 × A100.",
    sft: "opt/single_node/run_1.3b",
    reward: "opt/single_node/run_350m",
    ppo: "opt/single_node/run_1.3b",
    gpuCount: ALL(8),
  },
  {
    id: "opt-1.3b-lora-single-node",
    name: "OPT-1.3B LoRA, one node",
    modelSize: "1.3B",
    deployment: "single_node",
    description: "Only LoRA weights in supervised fine-tuning. Made for 8 GPUs.",
    sft: "opt/single_node/run_1.3b_lora",
    reward: "opt/single_node/run_350m",
    ppo: "opt/single_node/run_1.3b_lora",
    gpuCount: ALL(8),
  },
  {
    id: "opt-6.7b-single-node",
    name: "OPT-6.7B, one node",
    modelSize: "6.7B",
    deployment: "single_node",
    description: "All weights trained with ZeRO-3. Made for 8 × A100 40 GB.",
    sft: "opt/single_node/run_6.7b",
    reward: "opt/single_node/run_350m",
    ppo: "opt/single_node/run_6.7b",
    gpuCount: ALL(8),
  },
  {
    id: "opt-13b-single-node",
    name: "OPT-13B, one node",
    modelSize: "13B",
    deployment: "single_node",
    description: "ZeRO-3 with LoRA rank 128, generation on two GPUs each. Made for 8 × A100 80 GB.",
    sft: "opt/single_node/run_13b",
    reward: "opt/single_node/run_350m",
    ppo: "opt/single_node/run_13b",
    gpuCount: ALL(8),
  },
  {
    id: "opt-30b-lora-single-node",
    name: "OPT-30B LoRA, one node",
    modelSize: "30B",
    deployment: "single_node",
    description: "ZeRO-3 with LoRA rank 128. Made for 8 × A100 80 GB.",
    sft: "opt/single_node/run_30b_lora",
    reward: "opt/single_node/run_350m",
    ppo: "opt/single_node/run_30b_lora",
    gpuCount: ALL(8),
  },
  {
    id: "opt-66b-multi-node",
    name: "OPT-66B, several nodes",
    modelSize: "66B",
    deployment: "multi_node",
    description:
      "The parameters of the shipped script for 8 nodes of 8 GPUs. Trainyard starts a stage on one node: use it there only with enough memory.",
    sft: "opt/multi_node/run_66b",
    reward: "opt/multi_node/run_350m",
    ppo: "opt/multi_node/run_66b",
    gpuCount: ALL(8),
  },
  {
    id: "llama-2-7b-single-node",
    name: "Llama-2-7B, one node",
    modelSize: "7B",
    deployment: "single_node",
    description: "ZeRO-3, reward model from the same base. Made for 8 × A100 80 GB; the model is gated.",
    sft: "llama2/run_llama2_7b",
    reward: "llama2/run_llama2_7b",
    ppo: "llama2/run_llama2_7b",
    gpuCount: ALL(8),
    changes: { ppo: LLAMA_PPO },
  },
  {
    id: "llama-2-7b-lora-single-node",
    name: "Llama-2-7B LoRA, one node",
    modelSize: "7B",
    deployment: "single_node",
    description: "LoRA in all stages with ZeRO-3. Made for 8 GPUs; the model is gated.",
    sft: "llama2/run_llama2_7b_lora",
    reward: "llama2/run_llama2_7b_lora",
    ppo: "llama2/run_llama2_7b_lora",
    gpuCount: ALL(8),
    changes: { ppo: LLAMA_PPO },
  },
  {
    id: "llama-2-7b-mixed-precision-lora-single-node",
    name: "Llama-2-7B mixed-precision LoRA, one node",
    modelSize: "7B",
    deployment: "single_node",
    description: "As LoRA, with the frozen weights of PPO quantised (ZeRO++). Made for 8 GPUs.",
    sft: "llama2/run_llama2_7b_lora",
    reward: "llama2/run_llama2_7b_lora",
    ppo: "llama2/run_llama2_7b_mixz",
    gpuCount: ALL(8),
    changes: { ppo: LLAMA_PPO },
  },
  {
    id: "bloom-1b1-chinese-single-node",
    name: "BLOOM-1.1B Chinese, one node",
    modelSize: "1.1B",
    deployment: "single_node",
    description:
      "Supervised fine-tuning as shipped. DeepSpeed-Chat has no Chinese scripts for the other stages: here they use BLOOMZ-560M and the one Chinese data set with rejected answers.",
    sft: "other_language/run_chinese",
    reward: "opt/single_node/run_350m",
    ppo: "opt/single_node/run_1.3b",
    gpuCount: ALL(8),
    changes: {
      reward: {
        data_path: ["Cohere/miracl-zh-queries-22-12"],
        model_name_or_path: "bigscience/bloomz-560m",
        num_padding_at_beginning: 0,
      },
      ppo: { data_path: ["Cohere/miracl-zh-queries-22-12"], num_padding_at_beginning: 0 },
    },
  },
  {
    id: "mgpt-japanese-single-node",
    name: "mGPT Japanese, one node",
    modelSize: "1.3B",
    deployment: "single_node",
    description:
      "Supervised fine-tuning as shipped. The other stages start from mGPT too and use the one Japanese data set with rejected answers.",
    sft: "other_language/run_japanese",
    reward: "opt/single_node/run_350m",
    ppo: "opt/single_node/run_1.3b",
    gpuCount: ALL(8),
    changes: {
      reward: {
        data_path: ["Cohere/miracl-ja-queries-22-12"],
        model_name_or_path: "sberbank-ai/mGPT",
        num_padding_at_beginning: 0,
        zero_stage: 2,
      },
      ppo: {
        data_path: ["Cohere/miracl-ja-queries-22-12"],
        num_padding_at_beginning: 0,
        enable_hybrid_engine: false,
      },
    },
  },
];
