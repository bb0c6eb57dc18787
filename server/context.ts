import type { Change } from "./contracts/changes";
import type { Database } from "./db";
import type { Logger } from "./log";

export type { Change };

/** Who asks. `system` is the worker itself. */
export interface Actor {
  id: string;
  /** What event and audit rows show: an e-mail address, "token ci", "system". */
  name: string;
  role: "admin" | "operator" | "viewer" | "system";
}
export const SYSTEM_ACTOR: Actor = { id: "system", name: "system", role: "system" };

/** What every verb gets. Verbs take `{ ctx, input }`. */
export interface Context {
  db: Database;
  actor: Actor;
  now: () => Date;
  log: Logger;
  /** Tells the pages (and from the web process the worker) that a row changed. Call after commit. */
  publish: (change: Change) => void;
}
