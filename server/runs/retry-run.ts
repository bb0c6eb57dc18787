import type { PoolClient } from "pg";
import { z } from "zod";
import { recordAudit } from "../audit";
import type { Context } from "../context";
import { RetryRunInput, type RunView } from "../contracts/runs";
import { isTerminal, STAGE_KINDS, STAGE_LABEL, STATUSES, type StageKind } from "../contracts/statuses";
import { inTransaction } from "../db";
import { AppError } from "../errors";
import { holdNode } from "../nodes/hold-node";
import { PREREQUISITES, type StageState } from "./domain";
import { getRun } from "./get-run";
import { lockRun } from "./lock-run";
import { settleRun } from "./settle-run";

const Input = RetryRunInput.extend({ id: z.uuid() });
const Stages = z.array(z.object({ kind: z.enum(STAGE_KINDS), status: z.enum(STATUSES) }));

/**
 * Queues a stage that did not succeed again, as a new attempt, and with it the stages that were called off because of
 * it: the pipeline goes on from there.
 * @throws AppError NOT_FOUND; CONFLICT when the stage succeeded, is under way, or one before it has not succeeded
 */
export async function retryRun({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof Input>;
}): Promise<RunView> {
  const { id, stage } = Input.parse(input);
  const run = await inTransaction(ctx.db.pool, async (client) => {
    const locked = await lockRun(client, id);
    await refuseRetry(client, { runId: id, nodeId: locked.nodeId, stage });
    await requeue(client, id, [stage]);
    await requeue(client, id, dependentsOf(stage), "cancelled");
    await client.query(`UPDATE run SET desired = 'run' WHERE id = $1`, [id]);
    await settleRun(client, { runId: id, now: ctx.now() });
    await recordAudit(client, ctx, { action: "run.retry", object: `run ${id}`, detail: { stage } });
    return locked;
  });
  ctx.publish({ kind: "run", runId: run.id, nodeId: run.nodeId });
  return getRun({ ctx, input: { id } });
}

async function refuseRetry(
  client: PoolClient,
  { runId, nodeId, stage }: { runId: string; nodeId: string; stage: StageKind },
): Promise<void> {
  if (!(await holdNode(client, nodeId))) throw new AppError("CONFLICT", "The run's node was removed.");
  const { rows } = await client.query(`SELECT kind, status FROM stage WHERE "runId" = $1`, [runId]);
  const stages: StageState[] = Stages.parse(rows);
  const statusOf = (kind: StageKind) => stages.find((entry) => entry.kind === kind)?.status ?? "queued";
  const status = statusOf(stage);
  if (status === "succeeded") throw new AppError("CONFLICT", `${STAGE_LABEL[stage]} has succeeded already.`);
  if (!isTerminal(status)) throw new AppError("CONFLICT", `${STAGE_LABEL[stage]} is still under way.`);
  const first = PREREQUISITES[stage].find(
    (kind) => isTerminal(statusOf(kind)) && statusOf(kind) !== "succeeded",
  );
  if (first === undefined) return;
  throw new AppError(
    "CONFLICT",
    `${STAGE_LABEL[stage]} needs ${STAGE_LABEL[first]}, which has not succeeded.`,
    {
      hint: `Retry ${STAGE_LABEL[first]}: the run goes on from there.`,
    },
  );
}

function dependentsOf(stage: StageKind): StageKind[] {
  return STAGE_KINDS.filter((kind) => PREREQUISITES[kind].some((before) => before === stage));
}

async function requeue(
  client: PoolClient,
  runId: string,
  kinds: StageKind[],
  only?: "cancelled",
): Promise<void> {
  await client.query(
    `UPDATE stage SET status = 'queued', desired = 'run', reason = NULL, "startedAt" = NULL, "endedAt" = NULL
     WHERE "runId" = $1 AND kind = ANY($2) AND ($3::text IS NULL OR status = $3)`,
    [runId, kinds, only ?? null],
  );
}
