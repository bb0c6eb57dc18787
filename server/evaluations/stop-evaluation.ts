import { recordAudit } from "../audit";
import type { Context } from "../context";
import type { EvaluationView } from "../contracts/evaluations";
import { isTerminal } from "../contracts/statuses";
import { inTransaction } from "../db";
import { AppError } from "../errors";
import { requestStop } from "../runs";
import { getEvaluation } from "./get-evaluation";
import { lockEvaluation } from "./lock-evaluation";

const GRACE_SECONDS = 10;

/** Cancels an evaluation that waits, tells one that runs to stop. @throws AppError NOT_FOUND; CONFLICT when it has ended */
export async function stopEvaluation({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<EvaluationView> {
  const evaluation = await inTransaction(ctx.db.pool, async (client) => {
    const locked = await lockEvaluation(client, input.id);
    if (isTerminal(locked.status)) throw new AppError("CONFLICT", `${locked.name} has ended already.`);
    await client.query(`UPDATE evaluation SET desired = 'stop' WHERE id = $1`, [locked.id]);
    const owner = { evaluationId: locked.id };
    if (!(await requestStop(client, { ctx, owner, graceSeconds: GRACE_SECONDS }))) {
      await client.query(
        `UPDATE evaluation SET status = 'cancelled', reason = 'stopped before it started', "endedAt" = $2 WHERE id = $1`,
        [locked.id, ctx.now()],
      );
    }
    await recordAudit(client, ctx, { action: "evaluation.stop", object: `evaluation ${locked.id}` });
    return locked;
  });
  const { id, runId, nodeId } = evaluation;
  ctx.publish({ kind: "evaluation", evaluationId: id, runId, nodeId });
  return getEvaluation({ ctx, input: { id } });
}
