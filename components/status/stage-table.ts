import { STAGE_LABEL, type StageKind } from "@/server/contracts/statuses";

export interface StageLook {
  label: string;
  /** For tables and badges. */
  short: string;
  /** Fills, edges and lines. */
  color: string;
  /** The same hue, dark enough for text. */
  textClassName: string;
}

export const STAGE_LOOK = {
  sft: { label: STAGE_LABEL.sft, short: "SFT", color: "var(--sft)", textClassName: "text-sft-text" },
  reward: {
    label: STAGE_LABEL.reward,
    short: "reward",
    color: "var(--reward)",
    textClassName: "text-reward-text",
  },
  ppo: { label: STAGE_LABEL.ppo, short: "PPO", color: "var(--ppo)", textClassName: "text-ppo-text" },
} as const satisfies Record<StageKind, StageLook>;
