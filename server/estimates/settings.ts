import type { FieldValue, StageParameters } from "../contracts/recipes";
import type { RunParameters } from "../contracts/runs";
import { STAGE_LABEL, type StageKind } from "../contracts/statuses";
import { effectiveValue } from "../recipes";
import { findModel, type Model } from "../recipes/deepspeed-chat/models";
import type { Setting, Training } from "./memory";

/** The fields that a stage's batch is set by. PPO converges only with both alike (README of step 3). */
export const BATCH_FIELDS = {
  sft: ["per_device_train_batch_size"],
  reward: ["per_device_train_batch_size"],
  ppo: ["per_device_generation_batch_size", "per_device_training_batch_size"],
} as const satisfies Record<StageKind, readonly string[]>;

export type FoundSetting = { setting: Setting } | { reason: string };

/** What a stage's fields say about its memory; a reason for people where they say too little. */
export function settingOf(
  stage: StageKind,
  parameters: RunParameters,
  { gpuCount, transformers }: { gpuCount: number; transformers: string | null },
): FoundSetting {
  const own = parameters.stages[stage];
  const value = (name: string) => effectiveValue(stage, own, name);
  const actor = modelOf(
    parameters.stages[stage === "reward" ? "reward" : "sft"],
    stage === "reward" ? "reward" : "sft",
  );
  const critic = modelOf(parameters.stages.reward, "reward");
  if (actor.model === null) return { reason: unknownModel(actor.name) };
  if (stage !== "ppo") {
    const setting = {
      kind: stage,
      training: trainingOf(value, { model: actor.model, transformers }, ""),
      gpuCount,
      batch: countOf(value(BATCH_FIELDS[stage][0])),
      sequence: countOf(value("max_seq_len")),
    };
    return checked(stage, setting, [setting.batch, setting.sequence]);
  }
  if (critic.model === null) return { reason: unknownModel(critic.name) };
  const setting = {
    kind: stage,
    actor: trainingOf(value, { model: actor.model, transformers }, "actor_"),
    critic: trainingOf(value, { model: critic.model, transformers }, "critic_"),
    gpuCount,
    generationBatch: countOf(value("per_device_generation_batch_size")),
    trainingBatch: countOf(value("per_device_training_batch_size")),
    promptLength: countOf(value("max_prompt_seq_len")),
    answerLength: countOf(value("max_answer_seq_len")),
    hasHybridEngine: value("enable_hybrid_engine") === true,
    hasEma: value("enable_ema") === true,
    isReferenceOffloaded: value("offload_reference_model") === true,
  };
  const { generationBatch, trainingBatch, promptLength, answerLength } = setting;
  return checked(stage, setting, [generationBatch, trainingBatch, promptLength, answerLength]);
}

/** What a stage trains: PPO's actor comes from the first stage. */
export function modelNameOf(stage: StageKind, parameters: RunParameters): string {
  const from = stage === "reward" ? "reward" : "sft";
  return modelOf(parameters.stages[from], from).name;
}

function modelOf(
  parameters: StageParameters,
  stage: "sft" | "reward",
): { name: string; model: Model | null } {
  const name = String(effectiveValue(stage, parameters, "model_name_or_path") ?? "");
  return { name, model: findModel(name) };
}

function unknownModel(name: string): string {
  if (name === "") return "Choose a model: without one nothing can be estimated.";
  return `The name ${name} does not tell how large the model is. Names such as opt-1.3b or Llama-2-7b do.`;
}

function trainingOf(
  value: (name: string) => FieldValue,
  { model, transformers }: { model: Model; transformers: string | null },
  prefix: "" | "actor_" | "critic_",
): Training {
  const stage = Number(value(`${prefix}zero_stage`));
  return {
    model,
    zeroStage: stage === 1 || stage === 2 || stage === 3 ? stage : 0,
    isOffloaded: value("offload") === true,
    dtype: value("dtype") === "bf16" ? "bf16" : "fp16",
    loraRank: Math.max(0, Number(value(`${prefix}lora_dim`)) || 0),
    isOnlyLora: value("only_optimize_lora") === true,
    hasCheckpointing: value(`${prefix}gradient_checkpointing`) === true,
    hasFusedAttention: hasFusedAttention(model, transformers),
  };
}

/**
 * transformers chooses PyTorch's fused attention by itself for OPT and Llama; its documentation names it for OPT from 4.50
 * on. Not for BLOOM, and GPT-2 was seen to keep the matrix. null: not known, so the one that needs more.
 */
export function hasFusedAttention({ family }: Model, transformers: string | null): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(transformers ?? "") ?? [];
  if (major === undefined || minor === undefined || (family !== "OPT" && family !== "Llama")) return false;
  return Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 50);
}

/** 0 for what is no count. */
function countOf(value: FieldValue): number {
  const count = Number(value);
  return Number.isInteger(count) && count > 0 ? count : 0;
}

function checked(stage: StageKind, setting: Setting, counts: readonly number[]): FoundSetting {
  if (counts.every((count) => count > 0)) return { setting };
  return {
    reason: `${STAGE_LABEL[stage]}: correct the batch and the lengths first; they are whole numbers from 1.`,
  };
}
