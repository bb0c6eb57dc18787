/** Status of an attempt, a stage, a run and an evaluation: one list, so that one table gives label, icon and colour. */
export const STATUSES = [
  "queued",
  "starting",
  "running",
  "stopping",
  "succeeded",
  "failed",
  "cancelled",
  "interrupted",
] as const;
export type Status = (typeof STATUSES)[number];

export const TERMINAL_STATUSES = [
  "succeeded",
  "failed",
  "cancelled",
  "interrupted",
] as const satisfies Status[];
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];
export const ACTIVE_STATUSES = ["queued", "starting", "running", "stopping"] as const satisfies Status[];

export function isTerminal(status: Status): status is TerminalStatus {
  return (TERMINAL_STATUSES as readonly string[]).includes(status);
}

export const STAGE_KINDS = ["sft", "reward", "ppo"] as const;
export type StageKind = (typeof STAGE_KINDS)[number];

export const STAGE_LABEL = {
  sft: "Supervised fine-tuning",
  reward: "Reward model",
  ppo: "RLHF, PPO",
} as const satisfies Record<StageKind, string>;

/** The link to a node. Training goes on in every one of them: this says only what we can see. */
export const NODE_STATUSES = [
  "pending",
  "connecting",
  "online",
  "unreachable",
  "auth_rejected",
  "host_key_mismatch",
  "credential_missing",
] as const;
export type NodeStatus = (typeof NODE_STATUSES)[number];
