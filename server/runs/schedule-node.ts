import { randomUUID } from "node:crypto";
import type { PoolClient } from "pg";
import type { Change, Context } from "../context";
import { inTransaction } from "../db";
import { lockPlan } from "../nodes/hold-node";
import { holdLease, type NodeLease } from "../nodes/lease";
import { loadNodeQueue, type NodeNow } from "./load-node-queue";
import { type NodePlan, type NodeQueue, planNode } from "./plan-node";
import { insertEvent } from "./record-attempt";
import { cancelQueuedStage, settleRun } from "./settle-run";

const REACHABLE: NodeNow = { foreignUse: new Map(), isReachable: true };

interface Applying {
  ctx: Context;
  nodeId: string;
  queue: NodeQueue;
  now: Date;
}

/**
 * Gives the node's free GPUs to what is queued: claims, attempts (status queued) and placements in one transaction, and
 * for the rest the reason why it waits. Asked again, it does nothing twice. Returns the ids of the attempts made.
 * @throws AppError CONFLICT the lease is another's
 */
export async function scheduleNode({
  ctx,
  lease,
  node = REACHABLE,
}: {
  ctx: Context;
  lease: NodeLease;
  node?: NodeNow;
}): Promise<{ created: string[] }> {
  if (!(await hasQueued(ctx, lease.nodeId))) return { created: [] };
  const { created, changes } = await inTransaction(ctx.db.pool, async (client) => {
    await holdLease(client, lease);
    await lockPlan(client, lease.nodeId);
    const now = ctx.now();
    const queue = await loadNodeQueue(client, lease.nodeId, { node, now });
    return applyPlan(client, planNode(queue), { ctx, nodeId: lease.nodeId, queue, now });
  });
  for (const change of changes) ctx.publish(change);
  return { created };
}

/** Cheap enough for every round of the worker. */
async function hasQueued(ctx: Context, nodeId: string): Promise<boolean> {
  const { rowCount } = await ctx.db.pool.query(
    `SELECT 1 FROM stage s JOIN run r ON r.id = s."runId" WHERE r."nodeId" = $1 AND s.status = 'queued'
     UNION ALL
     SELECT 1 FROM evaluation e JOIN run r ON r.id = e."runId" WHERE r."nodeId" = $1 AND e.status = 'queued' LIMIT 1`,
    [nodeId],
  );
  return (rowCount ?? 0) > 0;
}

async function applyPlan(
  client: PoolClient,
  plan: NodePlan,
  applying: Applying,
): Promise<{ created: string[]; changes: Change[] }> {
  const changes: Change[] = [];
  const created: string[] = [];
  const { nodeId, now } = applying;
  for (const start of plan.starts) {
    created.push(await createAttempt(client, start, applying));
    changes.push(changeOf(start, nodeId));
  }
  for (const wait of plan.waits) {
    if (await writeReason(client, wait)) changes.push(changeOf(wait, nodeId));
  }
  for (const { runId, stageId, reason } of plan.cancels) {
    await cancelQueuedStage(client, { stageId, reason, now });
    await settleRun(client, { runId, now });
    changes.push({ kind: "run", runId, nodeId });
  }
  return { created, changes };
}

function changeOf(owner: { runId: string; evaluationId: string | null }, nodeId: string): Change {
  const { runId, evaluationId } = owner;
  return evaluationId === null
    ? { kind: "run", runId, nodeId }
    : { kind: "evaluation", evaluationId, runId, nodeId };
}

async function createAttempt(
  client: PoolClient,
  start: NodePlan["starts"][number],
  { ctx, nodeId, queue, now }: Applying,
): Promise<string> {
  const { stageId, evaluationId, gpuUuids } = start;
  const id = randomUUID();
  await client.query(
    `INSERT INTO attempt (id, "stageId", "evaluationId", number, status, command, "createdAt")
     SELECT $1, $2, $3, 1 + count(*), 'queued', 'null', $4 FROM attempt
     WHERE "stageId" = $2 OR "evaluationId" = $3`,
    [id, stageId, evaluationId, now],
  );
  await client.query(
    `INSERT INTO placement ("attemptId", rank, "nodeId", "gpuUuids") VALUES ($1, 0, $2, $3)`,
    [id, nodeId, gpuUuids],
  );
  // The primary key is the lock: a GPU that somebody holds makes the whole transaction fail.
  await client.query(
    `INSERT INTO gpu_claim ("nodeId", "gpuUuid", "attemptId", "claimedAt")
     SELECT $1, uuid, $2, $4 FROM unnest($3::text[]) AS uuid`,
    [nodeId, id, gpuUuids, now],
  );
  await client.query(`UPDATE stage SET reason = NULL, "startedAt" = NULL, "endedAt" = NULL WHERE id = $1`, [
    stageId,
  ]);
  await client.query(`UPDATE evaluation SET reason = NULL WHERE id = $1`, [evaluationId]);
  const indices = gpuUuids.map((uuid) => queue.gpus.find((gpu) => gpu.uuid === uuid)?.index);
  const reason = `${indices.length === 1 ? "GPU" : "GPUs"} ${indices.join(", ")} claimed`;
  await insertEvent(client, { attemptId: id, status: "queued", reason, actor: ctx.actor.name, now });
  return id;
}

async function writeReason(client: PoolClient, wait: NodePlan["waits"][number]): Promise<boolean> {
  const table = wait.stageId === null ? "evaluation" : "stage";
  const { rowCount } = await client.query(
    `UPDATE ${table} SET reason = $2 WHERE id = $1 AND reason IS DISTINCT FROM $2`,
    [wait.stageId ?? wait.evaluationId, wait.reason],
  );
  return rowCount === 1;
}
