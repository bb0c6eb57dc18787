import type { PoolClient } from "pg";
import { z } from "zod";
import { recordAudit } from "../audit";
import type { Context } from "../context";
import { StopRunInput } from "../contracts/runs";
import { isTerminal, type StageKind } from "../contracts/statuses";
import { inTransaction } from "../db";
import { AppError } from "../errors";
import { getRun } from "./get-run";
import { type LockedRun, lockRun } from "./lock-run";
import { requestStop } from "./request-stop";
import type { RunRecord } from "./run-view";
import { cancelQueuedStage, settleRun } from "./settle-run";

const Input = StopRunInput.extend({ id: z.uuid() });

/**
 * Asks for the end of a run, or of one stage. What has not started is cancelled at once; what runs is told to stop by
 * the worker, which works also when the node is out of reach now. Asking again changes nothing but the grace.
 * @throws AppError NOT_FOUND; CONFLICT when it has ended
 */
export async function stopRun({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof Input>;
}): Promise<RunRecord> {
  const { id, stage, graceSeconds } = Input.parse(input);
  const run = await inTransaction(ctx.db.pool, async (client) => {
    const locked = await lockRun(client, id);
    await stopLocked(client, { ctx, run: locked, stage, graceSeconds });
    return locked;
  });
  ctx.publish({ kind: "run", runId: run.id, nodeId: run.nodeId });
  return getRun({ ctx, input: { id } });
}

interface Stopping {
  ctx: Context;
  run: LockedRun;
  stage: StageKind | undefined;
  graceSeconds: number;
}

async function stopLocked(client: PoolClient, { ctx, run, stage, graceSeconds }: Stopping): Promise<void> {
  if (isTerminal(run.status)) throw new AppError("CONFLICT", `${run.name} has ended already.`);
  const now = ctx.now();
  const { rows } = await client.query<{ id: string }>(
    `UPDATE stage SET desired = 'stop' WHERE "runId" = $1 AND ($2::text IS NULL OR kind = $2)
       AND status IN ('queued', 'starting', 'running', 'stopping') RETURNING id`,
    [run.id, stage ?? null],
  );
  if (rows.length === 0) throw new AppError("CONFLICT", "This stage has ended already.");
  if (stage === undefined) await client.query(`UPDATE run SET desired = 'stop' WHERE id = $1`, [run.id]);
  for (const row of rows) {
    const hasAttempt = await requestStop(client, { ctx, owner: { stageId: row.id }, graceSeconds });
    if (hasAttempt) continue;
    await cancelQueuedStage(client, { stageId: row.id, reason: "stopped before it started", now });
  }
  await settleRun(client, { runId: run.id, now });
  await recordAudit(client, ctx, {
    action: "run.stop",
    object: `run ${run.id}`,
    detail: { stage: stage ?? "all", graceSeconds },
  });
}
