import type { Context } from "../context";
import { inTransaction } from "../db";
import { holdLease, type NodeLease } from "../nodes/lease";
import { type AttemptPatch, patchColumns } from "./attempt-patch";
import { applyPatch, runOfAttempt } from "./record-attempt";

/**
 * Facts about an attempt that are no event: heartbeat, steps, directory, whether its supervisor lives. Ended attempts
 * take them too, because the last of a log is read after the end.
 * @throws AppError CONFLICT the lease is another's; NOT_FOUND
 */
export async function updateAttempt(input: {
  ctx: Context;
  lease: NodeLease;
  attemptId: string;
  patch: AttemptPatch;
}): Promise<void> {
  const { ctx, lease, attemptId, patch } = input;
  if (patchColumns(patch).length === 0) return;
  const runId = await inTransaction(ctx.db.pool, async (client) => {
    await holdLease(client, lease);
    const owner = await runOfAttempt(client, attemptId);
    await applyPatch(client, attemptId, patch);
    return owner;
  });
  ctx.publish({ kind: "attempt", attemptId, runId, nodeId: lease.nodeId });
}
