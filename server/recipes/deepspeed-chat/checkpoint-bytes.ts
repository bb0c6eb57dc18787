import type { RunParameters } from "../../contracts/runs";
import type { StageKind } from "../../contracts/statuses";
import { effectiveValue } from "./effective-value";
import { findModel, type Model, parameterCount } from "./models";

export interface CheckpointPart {
  model: "sft" | "reward" | "actor" | "critic" | "actor_ema";
  /** null: the model's name does not tell its size. */
  bytes: number | null;
}
export interface StageCheckpoint {
  parts: CheckpointPart[];
  /** All parts together; null as soon as one is not known. */
  bytes: number | null;
}

/** Engines train in fp16 or bf16 and save their weights as they are. */
const BYTES_PER_WEIGHT = 2;

/**
 * Bytes that each stage writes below its output directory when it ends: one pytorch_model.bin a model, without optimizer
 * states, LoRA merged into the weights (save_hf_format and save_zero_three_model of dschat/utils/utils.py; PPO's actor,
 * critic and averaged actor in step 3's main). Tokenizer and configuration, a few MB, are not counted.
 */
export function checkpointBytes({ stages }: RunParameters): Record<StageKind, StageCheckpoint> {
  const modelOf = (stage: "sft" | "reward") =>
    findModel(String(effectiveValue(stage, stages[stage], "model_name_or_path") ?? ""));
  const actor = languageModelBytes(modelOf("sft"));
  const critic = rewardModelBytes(modelOf("reward"));
  const hasEma = effectiveValue("ppo", stages.ppo, "enable_ema") === true;
  return {
    sft: checkpointOf([{ model: "sft", bytes: actor }]),
    reward: checkpointOf([{ model: "reward", bytes: critic }]),
    ppo: checkpointOf([
      { model: "actor", bytes: actor },
      { model: "critic", bytes: critic },
      ...(hasEma ? [{ model: "actor_ema" as const, bytes: actor }] : []),
    ]),
  };
}

function checkpointOf(parts: CheckpointPart[]): StageCheckpoint {
  const known = parts.flatMap(({ bytes }) => bytes ?? []);
  return {
    parts,
    bytes: known.length < parts.length ? null : known.reduce((sum, bytes) => sum + bytes, 0),
  };
}

function languageModelBytes(model: Model | null): number | null {
  return model === null ? null : BYTES_PER_WEIGHT * parameterCount(model);
}

/** A value head of one output instead of the language model's, which Llama does not share with its embedding. */
function rewardModelBytes(model: Model | null): number | null {
  if (model === null) return null;
  const { family, vocabulary, hidden, embedding } = model;
  const head = family === "Llama" ? vocabulary * hidden : 0;
  return BYTES_PER_WEIGHT * (parameterCount(model) - head + embedding);
}
