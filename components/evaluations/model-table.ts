import type { ModelKey } from "@/server/contracts/evaluations";

export interface ModelLook {
  /** For chips and narrow places. */
  short: string;
  /** Fills, edges and lines: the colour of the stage that made the model. */
  color: string;
}

export const MODEL_LOOK = {
  baseline: { short: "baseline", color: "var(--control)" },
  sft: { short: "sft", color: "var(--sft)" },
  actor: { short: "actor", color: "var(--ppo)" },
  actor_ema: { short: "actor, averaged", color: "color-mix(in srgb, var(--ppo) 60%, var(--fg))" },
} as const satisfies Record<ModelKey, ModelLook>;
