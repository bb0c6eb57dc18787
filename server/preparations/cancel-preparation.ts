import { recordAudit } from "../audit";
import type { Context } from "../context";
import type { PreparationView } from "../contracts/preparation";
import { inTransaction } from "../db";
import { AppError } from "../errors";
import { getPreparation } from "./get-preparation";

/** Asks the job under way to end. @throws AppError NOT_FOUND, CONFLICT (none is under way) */
export async function cancelPreparation({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<PreparationView> {
  await getPreparation({ ctx, input });
  await inTransaction(ctx.db.pool, async (client) => {
    const { rowCount } = await client.query(
      `UPDATE node_preparation SET "isCancelRequested" = true
       WHERE "nodeId" = $1 AND status IN ('queued', 'running')`,
      [input.id],
    );
    if (rowCount !== 1) throw new AppError("CONFLICT", "No job is under way on this node.");
    await recordAudit(client, ctx, { action: "node.prepare.cancel", object: `node ${input.id}` });
  });
  ctx.publish({ kind: "node", nodeId: input.id });
  return getPreparation({ ctx, input });
}
