import { recordAudit } from "../audit";
import type { Context } from "../context";
import { isTerminal } from "../contracts/statuses";
import { inTransaction } from "../db";
import { AppError } from "../errors";
import { lockRun } from "./lock-run";

/**
 * Deletes an ended run with its attempts, logs, scalars and evaluations. Its files on the node stay.
 * @throws AppError NOT_FOUND; CONFLICT while it or one of its evaluations is under way
 */
export async function deleteRun({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<Record<string, never>> {
  const run = await inTransaction(ctx.db.pool, async (client) => {
    const locked = await lockRun(client, input.id);
    const busy = await client.query(
      `SELECT 1 FROM evaluation WHERE "runId" = $1 AND status IN ('queued', 'starting', 'running', 'stopping') LIMIT 1`,
      [locked.id],
    );
    if (!isTerminal(locked.status) || busy.rowCount !== 0) {
      throw new AppError("CONFLICT", `${locked.name} is still under way.`, {
        hint: "Stop it first, then delete it.",
      });
    }
    await client.query(`DELETE FROM run WHERE id = $1`, [locked.id]);
    await recordAudit(client, ctx, {
      action: "run.delete",
      object: `run ${locked.id}`,
      detail: { name: locked.name },
    });
    return locked;
  });
  ctx.publish({ kind: "run", runId: run.id, nodeId: run.nodeId });
  return {};
}
