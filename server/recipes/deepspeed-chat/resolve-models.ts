import type { EvaluationModel, ModelKey } from "../../contracts/evaluations";

const MODEL_LABEL = {
  baseline: "Baseline",
  sft: "Fine-tuned (SFT)",
  actor: "RLHF actor",
  actor_ema: "RLHF actor, averaged",
} as const satisfies Record<ModelKey, string>;

/** What a run has left: where its baseline came from, and the output directories of the attempts that succeeded. */
export interface RunCheckpoints {
  baseline: string | null;
  sft: string | null;
  reward: string | null;
  ppo: string | null;
  /** PPO was told to keep the averaged actor. */
  hasAveragedActor: boolean;
}

/** null: this run has no such model (yet). */
export function modelPath(key: ModelKey, checkpoints: RunCheckpoints): string | null {
  switch (key) {
    case "baseline":
      return checkpoints.baseline;
    case "sft":
      return checkpoints.sft;
    case "actor":
      return checkpoints.ppo === null ? null : `${checkpoints.ppo}/actor`;
    case "actor_ema":
      return checkpoints.ppo === null || !checkpoints.hasAveragedActor
        ? null
        : `${checkpoints.ppo}/actor_ema`;
  }
}

/** The models among `keys` that exist, each once, in the order of the table. */
export function resolveModels(keys: readonly ModelKey[], checkpoints: RunCheckpoints): EvaluationModel[] {
  return (Object.keys(MODEL_LABEL) as ModelKey[]).flatMap((key) => {
    const path = keys.includes(key) ? modelPath(key, checkpoints) : null;
    return path === null ? [] : [{ key, label: MODEL_LABEL[key], path }];
  });
}
