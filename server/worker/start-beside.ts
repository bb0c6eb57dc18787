import { DEFAULT_WORK_DIRECTORY } from "../contracts/nodes";
import type { TelemetryTick } from "../contracts/telemetry";
import type { NodeLease } from "../nodes";
import { keepRemoving, type NodeFacts } from "./attempts";
import type { NodeRecord } from "./nodes";
import { keepPreparing } from "./preparations";
import type { LiveConnection } from "./ssh";
import { startTelemetry } from "./telemetry";
import type { WorkerParts } from "./worker-parts";

export interface BesideRounds {
  /** Returns when nothing of it runs any more; close the connection first. */
  stop: () => Promise<void>;
}

/** What goes on over a connection without holding up a round: telemetry, removals, preparations. */
export function startBeside(options: {
  parts: WorkerParts;
  lease: NodeLease;
  node: NodeRecord;
  connection: LiveConnection;
  /** null until the node was looked at. */
  facts: () => NodeFacts | null;
  onTick: (tick: TelemetryTick) => void;
}): BesideRounds {
  const { parts, lease, node, connection, facts, onTick } = options;
  const { ctx, vault, keepNodeLogsDays } = parts;
  const telemetry = startTelemetry({
    connection,
    nodeId: node.id,
    workDirectory: node.settings.workDirectory ?? DEFAULT_WORK_DIRECTORY,
    lease,
    db: ctx.db,
    onTick,
    log: ctx.log,
  });
  const removing = keepRemoving({ ctx, lease, connection, keepNodeLogsDays });
  const preparing = keepPreparing({ ctx, vault, lease, connection, facts });
  return {
    stop: async () => {
      await Promise.all([telemetry.stop(), removing.stop(), preparing.stop()]);
    },
  };
}
