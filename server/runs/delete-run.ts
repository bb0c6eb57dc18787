import type { PoolClient } from "pg";
import { z } from "zod";
import { recordAudit } from "../audit";
import type { Context } from "../context";
import { DeleteRunQuery } from "../contracts/runs";
import { isTerminal } from "../contracts/statuses";
import { inTransaction } from "../db";
import { AppError } from "../errors";
import { holdNode } from "../nodes/hold-node";
import { insertCleanups } from "./insert-cleanups";
import { type LockedRun, lockRun } from "./lock-run";

const Input = DeleteRunQuery.extend({ id: z.uuid() });

/**
 * Deletes an ended run with its attempts, logs, scalars and evaluations. Its files on the node stay unless `nodeFiles` asks
 * for their removal, which the worker does when it can reach the node.
 * @throws AppError NOT_FOUND; CONFLICT while it or one of its evaluations is under way, or when files of a removed node are
 *   to go
 */
export async function deleteRun({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof Input>;
}): Promise<Record<string, never>> {
  const { id, nodeFiles } = Input.parse(input);
  const run = await inTransaction(ctx.db.pool, async (client) => {
    const locked = await lockRun(client, id);
    await refuseWhileBusy(client, locked);
    if (nodeFiles !== "keep")
      await removeFiles(client, ctx, { run: locked, hasOutputs: nodeFiles === "all" });
    await client.query(`DELETE FROM run WHERE id = $1`, [locked.id]);
    await recordAudit(client, ctx, {
      action: "run.delete",
      object: `run ${locked.id}`,
      detail: { name: locked.name, nodeFiles },
    });
    return locked;
  });
  ctx.publish({ kind: "run", runId: run.id, nodeId: run.nodeId });
  return {};
}

async function refuseWhileBusy(client: PoolClient, run: LockedRun): Promise<void> {
  const busy = await client.query(
    `SELECT 1 FROM evaluation WHERE "runId" = $1 AND status IN ('queued', 'starting', 'running', 'stopping') LIMIT 1`,
    [run.id],
  );
  if (isTerminal(run.status) && busy.rowCount === 0) return;
  throw new AppError("CONFLICT", `${run.name} is still under way.`, {
    hint: "Stop it first, then delete it.",
  });
}

async function removeFiles(
  client: PoolClient,
  ctx: Context,
  { run, hasOutputs }: { run: LockedRun; hasOutputs: boolean },
): Promise<void> {
  if (!(await holdNode(client, run.nodeId))) {
    throw new AppError(
      "CONFLICT",
      "The run's node was removed, so its files there cannot be deleted from here.",
      {
        hint: "Delete the run and keep its files.",
      },
    );
  }
  await insertCleanups(client, {
    nodeId: run.nodeId,
    runId: run.id,
    evaluationId: null,
    hasOutputs,
    createdBy: ctx.actor.name,
    now: ctx.now(),
  });
}
