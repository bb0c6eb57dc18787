import type { ErrorCode } from "../../contracts/errors";

export type ReconnectStep = { action: "retry"; delayMs: number } | { action: "stop" };

export interface ReconnectInput {
  code: ErrorCode;
  /** Failed connections in a row, this one included. */
  failures: number;
  /** Rejected logins in a row, this one included. */
  rejections: number;
  /** From [0, 1). */
  random: number;
}

const MIN_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;
/** So that a password that was mistyped once does not get this machine banned by fail2ban. */
const MAX_REJECTIONS = 2;

/**
 * What to do after a failed connection. `stop` means: nothing until somebody edits address, credential or key.
 * Full jitter: anywhere from 1 s to a limit that doubles up to 30 s.
 */
export function nextReconnect(input: ReconnectInput): ReconnectStep {
  if (STOPS.has(input.code)) return { action: "stop" };
  if (input.code === "SSH_AUTH_REJECTED" && input.rejections >= MAX_REJECTIONS) return { action: "stop" };
  const limit = Math.min(MAX_DELAY_MS, MIN_DELAY_MS * 2 ** Math.min(input.failures, 10));
  return { action: "retry", delayMs: Math.round(MIN_DELAY_MS + input.random * (limit - MIN_DELAY_MS)) };
}

/** Another try cannot change these, and must not happen for the first. */
const STOPS: ReadonlySet<ErrorCode> = new Set([
  "HOST_KEY_MISMATCH",
  "HOST_KEY_UNKNOWN",
  "VALIDATION",
  "PRECONDITION",
]);
