import type { Context } from "../context";
import type { DiskSpace } from "../contracts/disk-space";
import { inTransaction } from "../db";
import { holdLease, type NodeLease } from "../nodes/lease";
import { lockRun } from "./lock-run";
import { runOfAttempt } from "./record-attempt";

const LOW_DISK = "low disk: ";

/**
 * Says once among the events of an attempt under way that the disk it writes to is almost full.
 * Returns false when that was said before, or the attempt has ended.
 * @throws AppError CONFLICT the lease is another's; NOT_FOUND
 */
export async function noteLowDisk(input: {
  ctx: Context;
  lease: NodeLease;
  attemptId: string;
  disk: DiskSpace;
}): Promise<boolean> {
  const { ctx, lease, attemptId, disk } = input;
  const left = `${disk.freeGiB.toFixed(1)} of ${Math.round(disk.totalGiB)} GiB are left`;
  const reason = `${LOW_DISK}${left}; once it is full, neither log nor checkpoint can be written`;
  const runId = await inTransaction(ctx.db.pool, async (client) => {
    await holdLease(client, lease);
    const run = await lockRun(client, await runOfAttempt(client, attemptId));
    const { rowCount } = await client.query(
      `INSERT INTO attempt_event ("attemptId", status, reason, actor, "isTerminal", at)
       SELECT id, status, $2, $3, false, $4 FROM attempt
       WHERE id = $1 AND status IN ('starting', 'running', 'stopping') AND NOT EXISTS (
         SELECT 1 FROM attempt_event WHERE "attemptId" = $1 AND starts_with(reason, $5))`,
      [attemptId, reason, ctx.actor.name, ctx.now(), LOW_DISK],
    );
    return rowCount === 1 ? run.id : null;
  });
  if (runId === null) return false;
  ctx.publish({ kind: "attempt", attemptId, runId, nodeId: lease.nodeId });
  return true;
}
