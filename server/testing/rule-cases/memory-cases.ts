import type { QuietCase, RuleCase } from "./rule-case";

const PPO = "stages.ppo.fields";
const LLAMA_LORA = "llama-2-7b-lora-single-node";
const ZERO3 = { actor_zero_stage: 3, critic_zero_stage: 3 };
const ONLY_LORA = { lora_dim: 8, only_optimize_lora: true };
const LOCK = { deepspeed: "0.19.8", transformers: "4.57.6" };

const ZERO_CASES: readonly RuleCase[] = [
  {
    rule: "zero3-value-head",
    when: "the reward model trains so with a DeepSpeed that leaves it in two types",
    fields: { reward: { zero_stage: 3 } },
    node: { deepspeed: "0.19.2+cu121" },
    severity: "error",
    path: "stages.reward.fields.zero_stage",
    fix: { "stages.reward.fields.zero_stage": 2 },
  },
  {
    rule: "zero3-value-head",
    when: "the critic does",
    fields: { ppo: { ...ZERO3, enable_hybrid_engine: false } },
    node: { deepspeed: "0.19.8" },
    severity: "error",
    path: `${PPO}.critic_zero_stage`,
    fix: { [`${PPO}.critic_zero_stage`]: 2 },
  },
  {
    rule: "zero2-hybrid-offload",
    when: "all four meet without LoRA",
    fields: { ppo: { offload: true } },
    severity: "error",
    path: `${PPO}.offload`,
    fix: { [`${PPO}.offload`]: false },
  },
  {
    rule: "offload-without-zero",
    when: "the reward model has neither",
    fields: { reward: { offload: true } },
    severity: "error",
    path: "stages.reward.fields.zero_stage",
    fix: { "stages.reward.fields.zero_stage": 2 },
  },
  {
    rule: "offload-without-zero",
    when: "ZeRO 2 for actor and critic is what step 3 refuses",
    fields: { ppo: { offload: true, actor_zero_stage: 0, critic_zero_stage: 0 } },
    severity: "error",
    path: `${PPO}.actor_zero_stage`,
    fix: { [`${PPO}.actor_zero_stage`]: 3, [`${PPO}.critic_zero_stage`]: 3 },
  },
  {
    rule: "offload-without-zero",
    when: "the critic alone lacks it",
    fields: { ppo: { offload: true, critic_zero_stage: 0, enable_hybrid_engine: false } },
    severity: "error",
    path: `${PPO}.critic_zero_stage`,
    fix: { [`${PPO}.critic_zero_stage`]: 2 },
  },
  {
    rule: "offload-no-effect",
    when: "the actor is not divided",
    fields: { ppo: { offload_reference_model: true } },
    severity: "warning",
    path: `${PPO}.offload_reference_model`,
    fix: { [`${PPO}.offload_reference_model`]: false },
  },
  {
    rule: "tensor-parallel-without-zero3",
    when: "the actor has ZeRO 2",
    fields: { ppo: { inference_tp_size: 2 } },
    severity: "error",
    path: `${PPO}.inference_tp_size`,
    fix: { [`${PPO}.actor_zero_stage`]: 3 },
  },
  {
    rule: "tensor-parallel-gpus",
    when: "groups of 3 leave two of eight GPUs over",
    fields: { ppo: { ...ZERO3, inference_tp_size: 3 } },
    severity: "error",
    path: `${PPO}.inference_tp_size`,
    fix: { [`${PPO}.inference_tp_size`]: 2 },
  },
  {
    rule: "tensor-parallel-gpus",
    when: "the group is larger than the stage",
    fields: { ppo: { ...ZERO3, inference_tp_size: 8 } },
    gpuCount: { ppo: 3 },
    severity: "error",
    path: `${PPO}.inference_tp_size`,
    fix: { [`${PPO}.inference_tp_size`]: 3 },
  },
  {
    rule: "needs-hybrid-engine",
    when: "a switch of it is on without it",
    fields: { ppo: { enable_hybrid_engine: false, release_inference_cache: true } },
    severity: "warning",
    path: `${PPO}.release_inference_cache`,
    fix: { [`${PPO}.release_inference_cache`]: false },
  },
  {
    rule: "needs-hybrid-engine",
    when: "tensor parallelism is asked for without it",
    fields: { ppo: { ...ZERO3, enable_hybrid_engine: false, inference_tp_size: 2 } },
    severity: "warning",
    path: `${PPO}.inference_tp_size`,
    fix: { [`${PPO}.inference_tp_size`]: 1 },
  },
  {
    rule: "needs-tensor-parallel",
    when: "its gathering is set without it",
    fields: { ppo: { tp_gather_partition_size: 4 } },
    severity: "note",
    path: `${PPO}.tp_gather_partition_size`,
    fix: { [`${PPO}.tp_gather_partition_size`]: null },
  },
  {
    rule: "hybrid-engine-native",
    when: "OPT is built by transformers 4.57",
    node: LOCK,
    severity: "note",
    path: `${PPO}.enable_hybrid_engine`,
  },
];

const LORA_CASES: readonly RuleCase[] = [
  {
    rule: "only-lora-without-lora",
    when: "the rank is 0",
    fields: { sft: { only_optimize_lora: true } },
    severity: "warning",
    path: "stages.sft.fields.only_optimize_lora",
    fix: { "stages.sft.fields.only_optimize_lora": false },
  },
  {
    rule: "lora-scope",
    when: "Llama is given OPT's",
    preset: LLAMA_LORA,
    fields: { ppo: { critic_lora_module_name: "decoder.layers." } },
    severity: "warning",
    path: `${PPO}.critic_lora_module_name`,
    fix: { [`${PPO}.critic_lora_module_name`]: "layers." },
  },
  {
    rule: "lora-scope",
    when: "no weight is left to train",
    fields: { sft: { ...ONLY_LORA, lora_module_name: "transformer.h." } },
    severity: "error",
    path: "stages.sft.fields.lora_module_name",
    fix: { "stages.sft.fields.lora_module_name": "decoder.layers." },
  },
  {
    rule: "lora-scope",
    when: "GPT-2 has no linear layer to put it beside",
    fields: { sft: { model_name_or_path: "gpt2-xl", lora_dim: 8 } },
    severity: "warning",
    path: "stages.sft.fields.lora_module_name",
    fix: { "stages.sft.fields.lora_dim": 0 },
  },
  {
    rule: "only-lora-checkpointing",
    when: "the reward model has both",
    fields: { reward: { ...ONLY_LORA, gradient_checkpointing: true } },
    severity: "warning",
    path: "stages.reward.fields.only_optimize_lora",
    fix: { "stages.reward.fields.only_optimize_lora": false },
  },
  {
    rule: "only-lora-checkpointing",
    when: "the critic has both",
    fields: { ppo: { critic_lora_dim: 8, only_optimize_lora: true, critic_gradient_checkpointing: true } },
    severity: "warning",
    path: `${PPO}.only_optimize_lora`,
    fix: { [`${PPO}.only_optimize_lora`]: false },
  },
  {
    rule: "lora-learning-rate",
    when: "all weights are trained at the default's rate",
    fields: { sft: { learning_rate: null } },
    severity: "warning",
    path: "stages.sft.fields.learning_rate",
    fix: { "stages.sft.fields.learning_rate": 9.65e-6 },
  },
  {
    rule: "learning-rate-unused",
    when: "only LoRA is trained",
    fields: { ppo: { actor_lora_dim: 8, only_optimize_lora: true } },
    severity: "note",
    path: `${PPO}.actor_learning_rate`,
    fix: { [`${PPO}.actor_learning_rate`]: null },
  },
];

export const MEMORY_CASES: readonly RuleCase[] = [...ZERO_CASES, ...LORA_CASES];

export const QUIET_MEMORY_CASES: readonly QuietCase[] = [
  {
    rule: "zero3-value-head",
    when: "DeepSpeed still casts it",
    fields: { reward: { zero_stage: 3 }, ppo: ZERO3 },
    node: { deepspeed: "0.19.1" },
  },
  { rule: "zero2-hybrid-offload", when: "LoRA helps", fields: { ppo: { offload: true, actor_lora_dim: 8 } } },
  {
    rule: "offload-no-effect",
    when: "the actor is divided",
    fields: { ppo: { ...ZERO3, offload_reference_model: true } },
  },
  {
    rule: "tensor-parallel-gpus",
    when: "the groups come out even",
    fields: { ppo: { ...ZERO3, inference_tp_size: 4 } },
  },
  {
    rule: "hybrid-engine-native",
    when: "OPT is built by an older transformers",
    node: { ...LOCK, transformers: "4.45.2" },
  },
  { rule: "hybrid-engine-native", when: "it is Llama", preset: LLAMA_LORA, node: LOCK },
  {
    rule: "only-lora-without-lora",
    when: "the critic has LoRA",
    fields: { ppo: { critic_lora_dim: 8, only_optimize_lora: true } },
  },
  {
    rule: "lora-scope",
    when: "a part of a layer is named",
    fields: { sft: { ...ONLY_LORA, lora_module_name: "fc1" } },
  },
  {
    rule: "lora-scope",
    when: "one layer is named",
    fields: { reward: { ...ONLY_LORA, lora_module_name: "layers.11.self_attn" } },
  },
  {
    rule: "lora-scope",
    when: "the model's name tells nothing",
    fields: { sft: { ...ONLY_LORA, model_name_or_path: "/models/mine", lora_module_name: "blocks." } },
  },
  {
    rule: "only-lora-checkpointing",
    when: "supervised fine-tuning has both, which works",
    fields: { sft: { ...ONLY_LORA, gradient_checkpointing: true } },
  },
];
