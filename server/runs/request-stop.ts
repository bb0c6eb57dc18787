import type { PoolClient } from "pg";
import type { Context } from "../context";
import { insertEvent } from "./record-attempt";

type Owner = { stageId: string } | { evaluationId: string };

/**
 * Marks the attempt under way of a stage or an evaluation as one to be stopped. Only one that runs becomes "stopping"
 * here: whether one that is being launched exists on the node, the worker alone can find out.
 * Returns false when no attempt is under way. The caller holds the run (lockRun).
 */
export async function requestStop(
  client: PoolClient,
  { ctx, owner, graceSeconds }: { ctx: Context; owner: Owner; graceSeconds: number },
): Promise<boolean> {
  const [column, id] = "stageId" in owner ? ["stageId", owner.stageId] : ["evaluationId", owner.evaluationId];
  const { rows } = await client.query<{ id: string; status: string }>(
    `UPDATE attempt SET desired = 'stop', "stopGraceSeconds" = $2, "stopRequestedBy" = coalesce("stopRequestedBy", $3)
     WHERE "${column}" = $1 AND status IN ('queued', 'starting', 'running', 'stopping') RETURNING id, status`,
    [id, graceSeconds, ctx.actor.name],
  );
  const attempt = rows[0];
  if (attempt === undefined) return false;
  if (attempt.status !== "running") return true;
  await client.query(`UPDATE attempt SET status = 'stopping' WHERE id = $1`, [attempt.id]);
  const table = column === "stageId" ? "stage" : "evaluation";
  await client.query(`UPDATE ${table} SET status = 'stopping' WHERE id = $1`, [id]);
  await insertEvent(client, {
    attemptId: attempt.id,
    status: "stopping",
    reason: `stop requested, ${graceSeconds} s to end by itself`,
    actor: ctx.actor.name,
    now: ctx.now(),
  });
  return true;
}
