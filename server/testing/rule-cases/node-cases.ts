import { CheckoutFlags } from "../../recipes";
import { gpusNamed, type QuietCase, type RuleCase } from "./rule-case";

const V100 = { gpus: gpusNamed("Tesla V100-SXM2-32GB") };
const P100 = { gpus: gpusNamed("Tesla P100-PCIE-16GB") };
const LLAMA = "llama-2-7b-single-node";
const BF16 = { dtype: "bf16" };
const OLD_CHECKOUT = CheckoutFlags.parse({ sft: [], reward: null, ppo: null });

export const NODE_CASES: readonly RuleCase[] = [
  {
    rule: "invalid-value",
    when: "a batch is 0",
    fields: { sft: { per_device_train_batch_size: 0 } },
    severity: "error",
    path: "stages.sft.fields.per_device_train_batch_size",
  },
  {
    rule: "flag-not-in-checkout",
    when: "the node's checkout has no such flag",
    node: { checkout: OLD_CHECKOUT },
    severity: "error",
    path: "stages.sft.fields.data_split",
    fix: { "stages.sft.fields.data_split": null },
  },
  {
    rule: "no-gpu",
    when: "the node has none",
    node: { gpus: [] },
    severity: "error",
    path: "nodeId",
  },
  {
    rule: "unknown-gpu",
    when: "a chosen GPU is not there",
    gpuUuids: { sft: ["GPU-9"] },
    severity: "error",
    path: "stages.sft.gpuUuids",
    fix: { "stages.sft.gpuUuids": [] },
  },
  {
    rule: "gpu-count",
    when: "more are asked for than there are",
    gpuCount: { ppo: 9 },
    severity: "error",
    path: "stages.ppo.gpuCount",
    fix: { "stages.ppo.gpuCount": 8 },
  },
  {
    rule: "practice-model",
    when: "the practice model is to train elsewhere",
    fields: { reward: { model_name_or_path: "practice/tiny-lm" } },
    severity: "error",
    path: "stages.reward.fields.model_name_or_path",
  },
  {
    rule: "practice-model",
    when: "another model is to train on the practice node",
    node: { isPractice: true },
    severity: "warning",
    path: "stages.sft.fields.model_name_or_path",
  },
  {
    rule: "transformers-5",
    when: "the node has it",
    node: { transformers: "5.23.0" },
    severity: "warning",
    path: "nodeId",
  },
  {
    rule: "no-train-loss-events",
    when: "DeepSpeed is new",
    node: { deepspeed: "0.19.0+cu121" },
    severity: "note",
    path: null,
  },
  { rule: "no-resume", when: "anything runs", severity: "note", path: null },
  {
    rule: "bf16-unsupported",
    when: "the GPUs are Volta",
    fields: { reward: BF16 },
    node: V100,
    severity: "warning",
    path: "stages.reward.fields.dtype",
    fix: { "stages.reward.fields.dtype": "fp16" },
  },
  {
    rule: "fp16-unsupported",
    when: "the GPUs are Pascal",
    node: P100,
    severity: "warning",
    path: "stages.sft.fields.dtype",
    fix: { "stages.sft.env.DS_ALLOW_DEPRECATED_FP16": "1" },
  },
  {
    rule: "llama-fp16",
    when: "all three stages train Llama in fp16, the default",
    preset: LLAMA,
    severity: "warning",
    path: "stages.sft.fields.dtype",
    fix: {
      "stages.sft.fields.dtype": "bf16",
      "stages.reward.fields.dtype": "bf16",
      "stages.ppo.fields.dtype": "bf16",
    },
  },
];

export const QUIET_NODE_CASES: readonly QuietCase[] = [
  { rule: "transformers-5", when: "it is the last of 4", node: { transformers: "4.57.6" } },
  { rule: "transformers-5", when: "it is not known", node: { transformers: null } },
  { rule: "no-train-loss-events", when: "DeepSpeed is old", node: { deepspeed: "0.18.2" } },
  { rule: "bf16-unsupported", when: "the GPUs are Ampere", fields: { reward: BF16 } },
  { rule: "fp16-unsupported", when: "the GPUs are Volta", node: V100 },
  { rule: "llama-fp16", when: "the GPUs have no bf16 to offer", preset: LLAMA, node: V100 },
  { rule: "practice-model", when: "a name says nothing", fields: { sft: { model_name_or_path: "/mine" } } },
  { rule: "gpu-count", when: "a node without GPUs is told of once", node: { gpus: [] } },
];
