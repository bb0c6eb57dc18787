export type ChartGroup = "progress" | "optimizer" | "speed" | "other";

export interface TagLook {
  label: string;
  /** Muted words after the title: what it is a mean of, its unit. */
  note: string;
  /** Shown with a sign, since it goes to both sides of zero. */
  isSigned?: true;
  group: ChartGroup;
  /** Charts of a group come in this order. */
  rank: number;
}

/** Canonical tags, in the order of their charts. One that is not here keeps its own name and comes last. */
const LOOKS: readonly (readonly [
  tag: string,
  group: ChartGroup,
  label: string,
  note?: string,
  isSigned?: true,
])[] = [
  ["ppo/reward", "progress", "reward", "mean per batch", true],
  ["ppo/reward_ema", "progress", "reward, smoothed by the trainer", "EMA", true],
  ["loss", "progress", "loss", "training"],
  ["eval/perplexity", "progress", "perplexity", "evaluation"],
  ["eval/loss", "progress", "evaluation loss"],
  ["reward_model/accuracy", "progress", "accuracy", "chosen above rejected"],
  ["reward_model/chosen_score", "progress", "score of chosen", "mean", true],
  ["reward_model/rejected_score", "progress", "score of rejected", "mean", true],
  ["ppo/actor_loss", "progress", "actor loss", "", true],
  ["ppo/critic_loss", "progress", "critic loss"],
  ["ppo/unsupervised_loss", "progress", "unsupervised loss"],
  ["lr", "optimizer", "learning rate"],
  ["critic/lr", "optimizer", "learning rate", "critic"],
  ["loss_scale", "optimizer", "loss scale"],
  ["critic/loss_scale", "optimizer", "loss scale", "critic"],
  ["overflow", "optimizer", "overflow", "skipped steps"],
  ["perf/samples_per_second", "speed", "samples per second"],
  ["perf/train_samples_per_second", "speed", "samples per second", "training alone"],
  ["perf/latency_seconds", "speed", "seconds per step", "generate + train"],
  ["perf/generate_seconds", "speed", "seconds of generation", "per step"],
  ["perf/train_seconds", "speed", "seconds of training", "per step"],
  ["perf/tflops", "speed", "TFLOPs"],
  ["memory/allocated_gb", "speed", "memory allocated", "GB"],
  ["memory/max_allocated_gb", "speed", "memory allocated, highest", "GB"],
];

const LOOK_OF: ReadonlyMap<string, TagLook> = new Map(
  LOOKS.map(([tag, group, label, note = "", isSigned], rank) => [
    tag,
    { label, note, group, rank, ...(isSigned ? { isSigned } : {}) },
  ]),
);

export function tagLook(tag: string): TagLook {
  return LOOK_OF.get(tag) ?? { label: tag, note: "", group: "other", rank: LOOKS.length };
}
