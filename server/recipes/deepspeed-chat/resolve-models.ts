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

/** Every model that a run could have, in the order of the table. */
export function describeModels(checkpoints: RunCheckpoints) {
  return (Object.keys(MODEL_LABEL) as ModelKey[]).map((key) => {
    const path = modelPath(key, checkpoints);
    return {
      key,
      label: MODEL_LABEL[key],
      path,
      problem: path === null ? whyMissing(key, checkpoints) : null,
    };
  });
}

function whyMissing(key: ModelKey, checkpoints: RunCheckpoints): string {
  switch (key) {
    case "baseline":
      return "The run names no model that it started from.";
    case "sft":
      return "Supervised fine-tuning has not succeeded.";
    case "actor":
      return "PPO has not succeeded.";
    case "actor_ema":
      return checkpoints.ppo === null
        ? "PPO has not succeeded."
        : "PPO was not told to keep an averaged actor.";
  }
}

/** null: this run has no such model (yet). */
function modelPath(key: ModelKey, checkpoints: RunCheckpoints): string | null {
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
  return describeModels(checkpoints).flatMap(({ key, label, path }) =>
    path === null || !keys.includes(key) ? [] : [{ key, label, path }],
  );
}
