import type { NodeConnection } from "../ssh";
import type { FollowState } from "./follow-file";
import type { NodeProbe } from "./parse-probe";
import type { Placement } from "./place-data";

/** What the loop remembers about one attempt. Nothing here is truth: a new process begins without it and decides alike. */
export interface AttemptMemory {
  files: Map<string, FollowState>;
  /** performance.now() of when each condition was first seen and has lasted since; null: it is not the case. */
  claimedSince: number | null;
  goneSince: number | null;
  killingSince: number | null;
  launchFailures: number;
  /** Why it could not be launched, for its end. */
  launchFailure: string | null;
  /** The copy of its rows to the node, once it began. */
  placement: Placement | null;
  /** Errors in a row while following its files. */
  followFailures: number;
  /** Its events tell of the disk, or told before. */
  hasToldLowDisk: boolean;
  /** What was written to the row last, so that an unchanged observation costs no write. */
  written: string;
}

export interface NodeMemory {
  attempts: Map<string, AttemptMemory>;
  probe: NodeProbe | null;
  /** Attempts that the probe was asked about. */
  probedIds: string;
  probedAt: number;
  probeDurationMs: number;
  isMounted: boolean;
}

// Keyed by the connection: with it go the open handles, and whoever connects anew looks again at everything.
const memories = new WeakMap<NodeConnection, NodeMemory>();

export function memoryOf(connection: NodeConnection): NodeMemory {
  const known = memories.get(connection);
  if (known !== undefined) return known;
  const memory: NodeMemory = {
    attempts: new Map(),
    probe: null,
    probedIds: "",
    probedAt: Number.NEGATIVE_INFINITY,
    probeDurationMs: 0,
    isMounted: true,
  };
  memories.set(connection, memory);
  return memory;
}

export function attemptMemoryOf(memory: NodeMemory, attemptId: string): AttemptMemory {
  const known = memory.attempts.get(attemptId);
  if (known !== undefined) return known;
  const created: AttemptMemory = {
    files: new Map(),
    claimedSince: null,
    goneSince: null,
    killingSince: null,
    launchFailures: 0,
    launchFailure: null,
    placement: null,
    followFailures: 0,
    hasToldLowDisk: false,
    written: "",
  };
  memory.attempts.set(attemptId, created);
  return created;
}

/** How long a condition has lasted, in milliseconds; null when it is not the case. Starts or clears its clock. */
export function lasting(
  memory: AttemptMemory,
  key: "claimedSince" | "goneSince",
  isCase: boolean,
): number | null {
  if (!isCase) {
    memory[key] = null;
    return null;
  }
  memory[key] ??= performance.now();
  return performance.now() - memory[key];
}
