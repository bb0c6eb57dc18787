import { recordAudit } from "../audit";
import type { Context } from "../context";
import { isTerminal } from "../contracts/statuses";
import { inTransaction } from "../db";
import { AppError } from "../errors";
import { holdNode } from "../nodes/hold-node";
import { insertCleanups } from "../runs";
import { lockEvaluation } from "./lock-evaluation";

/**
 * Deletes an ended evaluation with its answers, also those on the node, which hold nothing else.
 * @throws AppError NOT_FOUND; CONFLICT while it is under way
 */
export async function deleteEvaluation({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<Record<string, never>> {
  const { id, runId, nodeId } = await inTransaction(ctx.db.pool, async (client) => {
    const locked = await lockEvaluation(client, input.id);
    if (!isTerminal(locked.status)) {
      throw new AppError("CONFLICT", `${locked.name} is still under way.`, {
        hint: "Stop it first, then delete it.",
      });
    }
    if (await holdNode(client, locked.nodeId)) {
      const { id: evaluationId, runId, nodeId } = locked;
      const request = { nodeId, runId, evaluationId, hasOutputs: false, createdBy: ctx.actor.name };
      await insertCleanups(client, { ...request, now: ctx.now() });
    }
    await client.query(`DELETE FROM evaluation WHERE id = $1`, [locked.id]);
    await recordAudit(client, ctx, {
      action: "evaluation.delete",
      object: `evaluation ${locked.id}`,
      detail: { name: locked.name },
    });
    return locked;
  });
  ctx.publish({ kind: "evaluation", evaluationId: id, runId, nodeId });
  return {};
}
