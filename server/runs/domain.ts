import {
  isTerminal,
  STAGE_LABEL,
  type StageKind,
  type Status,
  type TerminalStatus,
} from "../contracts/statuses";

export type AttemptEvent =
  /** The launcher is about to start it. */
  | { type: "launch" }
  /** The node shows it alive. */
  | { type: "observed_running" }
  | { type: "stop_requested" }
  | { type: "ended"; as: TerminalStatus };

const ORDER: readonly Status[] = ["queued", "starting", "running", "stopping"];

/**
 * The whole life of an attempt: it only goes forward, and news that come late leave it where it is. null: it has ended,
 * and what has ended never changes. Being out of reach is no event, because training goes on while nobody looks.
 */
export function nextStatus(status: Status, event: AttemptEvent): Status | null {
  if (isTerminal(status)) return null;
  if (event.type === "ended") return event.as;
  const next = STATUS_OF[event.type];
  return ORDER.indexOf(next) > ORDER.indexOf(status) ? next : status;
}

const STATUS_OF = { launch: "starting", observed_running: "running", stop_requested: "stopping" } as const;

/** The event that leads to a status; null for queued, where an attempt only begins. */
export function eventFor(to: Status): AttemptEvent | null {
  switch (to) {
    case "queued":
      return null;
    case "starting":
      return { type: "launch" };
    case "running":
      return { type: "observed_running" };
    case "stopping":
      return { type: "stop_requested" };
    default:
      return { type: "ended", as: to };
  }
}

/** The worst end decides; a stage that never started because another failed counts as cancelled and so as less than that. */
const ENDS = ["failed", "interrupted", "cancelled"] as const;

/** A run's status, from those of its stages. */
export function rollUp(statuses: readonly Status[]): Status {
  if (statuses.every(isTerminal)) return ENDS.find((end) => statuses.includes(end)) ?? "succeeded";
  for (const status of ["running", "starting", "stopping"] as const) {
    if (statuses.includes(status)) return status;
  }
  // Between two stages: nothing runs, but the pipeline is under way.
  return statuses.some(isTerminal) ? "running" : "queued";
}

export const PREREQUISITES = { sft: [], reward: [], ppo: ["sft", "reward"] } as const satisfies Record<
  StageKind,
  readonly StageKind[]
>;

export interface StageState {
  kind: StageKind;
  status: Status;
}
export type Turn =
  | { type: "ready" }
  | { type: "waits"; reason: string }
  /** A stage before it has ended otherwise than well: this one will not start. */
  | { type: "never"; reason: string };

/** Whether a queued stage may start, as far as the other stages go. */
export function turnOf(kind: StageKind, stages: readonly StageState[]): Turn {
  const before = PREREQUISITES[kind].flatMap((name) => stages.filter((stage) => stage.kind === name));
  const ended = before.find((stage) => isTerminal(stage.status) && stage.status !== "succeeded");
  if (ended !== undefined) {
    return { type: "never", reason: `not started: ${STAGE_LABEL[ended.kind]} ${endedAs(ended.status)}` };
  }
  const missing = before.filter((stage) => stage.status !== "succeeded");
  if (missing.length === 0) return { type: "ready" };
  return {
    type: "waits",
    reason: `waits for ${missing.map((stage) => STAGE_LABEL[stage.kind]).join(" and ")}`,
  };
}

function endedAs(status: Status): string {
  if (status === "cancelled") return "was cancelled";
  return status === "interrupted" ? "was interrupted" : "failed";
}
