import type { Context } from "../context";
import type { FirstLooks } from "./first-looks";
import type { Outbox } from "./outbox";
import type { Slots } from "./ssh";
import type { Vault } from "./vault";
import type { WorkerMetrics } from "./worker-metrics";

/** What everything in the worker process shares. */
export interface WorkerParts {
  ctx: Context;
  vault: Vault;
  outbox: Outbox;
  /** Name of this process's leases. */
  owner: string;
  /** Logins at the same time, over all nodes. */
  loginSlots: Slots;
  metrics: WorkerMetrics;
  firstLooks: FirstLooks;
  /** Days after its end that an attempt's directory stays on its node; null: for ever. */
  keepNodeLogsDays: number | null;
}
