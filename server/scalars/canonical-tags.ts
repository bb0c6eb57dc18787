/** The names that charts know, whatever the source calls them. Anything else keeps its own name. */
export const CANONICAL_TAGS = [
  "loss",
  "eval/loss",
  "eval/perplexity",
  "reward_model/accuracy",
  "reward_model/chosen_score",
  "reward_model/rejected_score",
  "ppo/reward",
  "ppo/reward_ema",
  "ppo/actor_loss",
  "ppo/critic_loss",
  "ppo/unsupervised_loss",
  "lr",
  "critic/lr",
  "loss_scale",
  "critic/loss_scale",
  "overflow",
  "perf/samples_per_second",
  "perf/train_samples_per_second",
  "perf/tflops",
  "perf/latency_seconds",
  "perf/generate_seconds",
  "perf/train_seconds",
  "memory/allocated_gb",
  "memory/max_allocated_gb",
] as const;
export type CanonicalTag = (typeof CANONICAL_TAGS)[number];

/**
 * What a writer's step means.
 * own: as written. samples: training samples seen after the step. samplesBefore: seen before it.
 * epochBatch: batch within its epoch from 0, starting again each epoch.
 */
export type StepKind = "own" | "samples" | "samplesBefore" | "epochBatch";

export interface EventTag {
  tag: string;
  stepKind: StepKind;
}

/** DeepSpeed's engine (deepspeed/runtime/engine.py): x is global_samples; the loss is written before it is raised. */
const ENGINE_PREFIX = "Train/Samples/";
/** DeepSpeed-Chat's step 3 main.py writes these with global_step = batch within the epoch. */
const PPO_TAGS: Readonly<Record<string, string>> = {
  reward: "ppo/reward",
  actor_loss: "ppo/actor_loss",
  critic_loss: "ppo/critic_loss",
  actor_loss_sum: "actor_loss_sum",
  critic_loss_sum: "critic_loss_sum",
};

/** Canonical name and step meaning of an event-file tag; the path tells the actor's engine from the critic's. */
export function canonicalEventTag(sourceTag: string, path: string): EventTag {
  if (sourceTag.startsWith(ENGINE_PREFIX)) return engineTag(sourceTag, path);
  const ppo = Object.hasOwn(PPO_TAGS, sourceTag) ? PPO_TAGS[sourceTag] : undefined;
  if (ppo !== undefined) return { tag: ppo, stepKind: "epochBatch" };
  return { tag: sourceTag, stepKind: "own" };
}

function engineTag(sourceTag: string, path: string): EventTag {
  const name = sourceTag.slice(ENGINE_PREFIX.length);
  const role = /critic/i.test(path) ? "critic" : /actor/i.test(path) ? "actor" : null;
  if (name === "train_loss") {
    return { tag: role === null ? "loss" : `${role}/train_loss`, stepKind: "samplesBefore" };
  }
  if (name === "lr" || name === "loss_scale") {
    return { tag: role === "critic" ? `critic/${name}` : name, stepKind: "samples" };
  }
  return { tag: role === "critic" ? `critic/${sourceTag}` : sourceTag, stepKind: "samples" };
}

/** Whose steps a stored series counts; null: the writer's own, of which nothing is known. */
export function stepsOfSeries(source: "log" | "events", sourceTag: string): "stage" | "engine" | null {
  if (source === "log") return "stage";
  const { stepKind } = canonicalEventTag(sourceTag, "");
  if (stepKind === "own") return null;
  return stepKind === "epochBatch" ? "stage" : "engine";
}
