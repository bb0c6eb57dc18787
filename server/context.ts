import type { Database } from "./db";
import type { Logger } from "./log";

/** Who asks. `system` is the worker itself. */
export interface Actor {
  id: string;
  /** What event and audit rows show: an e-mail address, "token ci", "system". */
  name: string;
  role: "admin" | "operator" | "viewer" | "system";
}
export const SYSTEM_ACTOR: Actor = { id: "system", name: "system", role: "system" };

export type Change =
  | { kind: "node"; nodeId: string }
  | { kind: "run"; runId: string; nodeId: string }
  | { kind: "attempt"; attemptId: string; runId: string; nodeId: string }
  | { kind: "evaluation"; evaluationId: string; runId: string; nodeId: string };

/** What every verb gets. Verbs take `{ ctx, input }`. */
export interface Context {
  db: Database;
  actor: Actor;
  now: () => Date;
  log: Logger;
  /** Tells the pages (and from the web process the worker) that a row changed. Call after commit. */
  publish: (change: Change) => void;
}
