import type { Status } from "../../contracts/statuses";
import type { FenceReason } from "./fence";
import type { AttemptProbe } from "./parse-probe";

/** Everything that the next step depends on. Durations are by our monotonic clock, null: not the case now. */
export interface Situation {
  status: Status;
  desired: "run" | "stop";
  stopGraceSeconds: number;
  probe: AttemptProbe;
  /** How long the directory has been seen without `id`. */
  claimedMs: number | null;
  /** How long nothing of it has been seen alive, without `exit`. */
  goneMs: number | null;
  /** Since we sent TERM to the members of an unsupervised attempt. */
  killingMs: number | null;
}

export type Step =
  | { type: "wait" }
  | { type: "launch" }
  | { type: "cancel" }
  | { type: "signal"; signal: "TERM" | "KILL" }
  | { type: "fence"; why: FenceReason }
  | { type: "finish" };

/** A supervisor writes `id` within milliseconds; a node that swaps needs longer. */
export const CLAIM_TIMEOUT_MS = 30_000;
/** `exit` may show late on a network file system. */
export const GONE_TIMEOUT_MS = 5_000;

/** What to do about one attempt, from what its node says. Level-triggered: asked again, the same step is harmless. */
export function decideStep(situation: Situation): Step {
  const { probe, desired } = situation;
  switch (probe.state) {
    case "exit":
      return { type: "finish" };
    case "rebooted":
      return { type: "fence", why: "interrupted" };
    case "absent":
      return decideAbsent(situation);
    case "claimed":
      if ((situation.claimedMs ?? 0) >= CLAIM_TIMEOUT_MS) return { type: "fence", why: "never-launched" };
      return desired === "stop" && probe.cancel === null ? { type: "cancel" } : { type: "wait" };
    case "running":
      return desired === "stop" && probe.cancel === null ? { type: "cancel" } : { type: "wait" };
    case "unsupervised":
      return desired === "stop" ? decideUnsupervisedStop(situation) : { type: "wait" };
    case "gone":
      return decideGone(situation);
  }
}

function decideAbsent(situation: Situation): Step {
  const wasThere = situation.status === "running" || situation.status === "stopping";
  if (wasThere) return decideGone(situation);
  return situation.desired === "run" ? { type: "launch" } : { type: "fence", why: "never-launched" };
}

function decideGone(situation: Situation): Step {
  return (situation.goneMs ?? 0) >= GONE_TIMEOUT_MS ? { type: "fence", why: "lost" } : { type: "wait" };
}

/** Nobody on the node counts the grace any more, so we do. `cancel` comes first: it says who asked. */
function decideUnsupervisedStop(situation: Situation): Step {
  const { probe, killingMs, stopGraceSeconds } = situation;
  if (probe.cancel === null) return { type: "cancel" };
  if (killingMs === null) return { type: "signal", signal: "TERM" };
  return killingMs >= stopGraceSeconds * 1000 ? { type: "signal", signal: "KILL" } : { type: "wait" };
}
