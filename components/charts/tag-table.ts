export interface TagLook {
  label: string;
  /** Muted words after the title: what it is a mean of, its unit. */
  note: string;
  /** Shown with a sign, since it goes to both sides of zero. */
  isSigned?: true;
  /** Charts come in this order. */
  rank: number;
}

/** Canonical tags. One that is not here keeps its own name and comes last. */
const TAG_LOOK: Readonly<Record<string, TagLook>> = {
  "ppo/reward": { label: "reward", note: "mean per batch", isSigned: true, rank: 1 },
  "ppo/reward_ema": { label: "reward, smoothed by the trainer", note: "EMA", isSigned: true, rank: 2 },
  loss: { label: "loss", note: "training", rank: 3 },
  "eval/perplexity": { label: "perplexity", note: "evaluation", rank: 4 },
  "eval/loss": { label: "evaluation loss", note: "", rank: 5 },
  "reward_model/accuracy": { label: "accuracy", note: "chosen above rejected", rank: 6 },
  "reward_model/chosen_score": { label: "score of chosen", note: "mean", isSigned: true, rank: 7 },
  "reward_model/rejected_score": { label: "score of rejected", note: "mean", isSigned: true, rank: 8 },
  "ppo/actor_loss": { label: "actor loss", note: "", isSigned: true, rank: 9 },
  "ppo/critic_loss": { label: "critic loss", note: "", rank: 10 },
  lr: { label: "learning rate", note: "", rank: 11 },
  "perf/samples_per_second": { label: "samples per second", note: "", rank: 12 },
  "perf/tflops": { label: "TFLOPs", note: "", rank: 13 },
  "perf/latency_seconds": { label: "seconds per step", note: "generate + train", rank: 14 },
  "perf/generate_seconds": { label: "seconds of generation", note: "per step", rank: 15 },
  "perf/train_seconds": { label: "seconds of training", note: "per step", rank: 16 },
  "memory/allocated_gb": { label: "memory allocated", note: "GB", rank: 17 },
  "memory/max_allocated_gb": { label: "memory allocated, highest", note: "GB", rank: 18 },
  loss_scale: { label: "loss scale", note: "", rank: 19 },
  overflow: { label: "overflow", note: "skipped steps", rank: 20 },
};

export function tagLook(tag: string): TagLook {
  return TAG_LOOK[tag] ?? { label: tag, note: "", rank: 100 };
}
