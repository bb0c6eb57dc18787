import type { Context } from "../context";
import type { TelemetryTick } from "../contracts/telemetry";
import { decodeTicks } from "./tick-codec";

/** Ticks looked back for the newest process list. */
const LOOK_BACK = 15;

/**
 * The newest stored tick of each node, with the newest process list of its last 15 ticks; nodes without any are left
 * out. For pages whose live link is down, and after a restart.
 */
export async function newestTicks({
  ctx,
  input,
}: {
  ctx: Context;
  input: { nodeIds: readonly string[] };
}): Promise<TelemetryTick[]> {
  const { rows } = await ctx.db.pool.query<{ node_id: string; payload: Buffer }>(
    `SELECT n.node_id, t.payload FROM unnest($1::uuid[]) AS n (node_id)
     CROSS JOIN LATERAL (SELECT payload, sampled_at FROM telemetry_tick
       WHERE node_id = n.node_id ORDER BY sampled_at DESC LIMIT $2) t
     ORDER BY n.node_id, t.sampled_at DESC`,
    [input.nodeIds, LOOK_BACK],
  );
  return input.nodeIds.flatMap((nodeId) => {
    const stored = rows.filter((row) => row.node_id === nodeId);
    const ticks = stored.flatMap(({ payload }) => decodeTicks(nodeId, payload));
    const newest = ticks[0];
    if (!newest) return [];
    const withProcesses = ticks.find(({ processes }) => processes !== null);
    return [{ ...newest, processes: withProcesses?.processes ?? null }];
  });
}
