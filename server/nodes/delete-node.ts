import type { PoolClient } from "pg";
import { recordAudit } from "../audit";
import type { Context } from "../context";
import { inTransaction } from "../db";
import { AppError } from "../errors";
import type { NodePorts } from "./ports";

/**
 * Removes a node and its credential. Refused while runs, evaluations or a preparation are under way there. Where earlier runs belong
 * to it the row stays, hidden and without a way in, so that their history does.
 * @throws AppError NOT_FOUND; CONFLICT while something is under way there
 */
export async function deleteNode(parts: {
  ctx: Context;
  ports: NodePorts;
  input: { id: string };
}): Promise<Record<string, never>> {
  const { ctx, ports, input } = parts;
  const nodeId = await inTransaction(ctx.db.pool, async (client) => {
    const node = await lockNode(client, input.id);
    await refuseWhileBusy(client, node);
    if (await hasHistory(client, node.id)) await hide(client, node, ctx.now());
    else await client.query("DELETE FROM node WHERE id = $1", [node.id]);
    await recordAudit(client, ctx, {
      action: "node.delete",
      object: `node ${node.id}`,
      detail: { name: node.name },
    });
    return node.id;
  });
  // The worker drops credentials of nodes that are gone by itself; this only makes it happen now.
  await ports.link
    .request("nodes.deleteCredential", { nodeId })
    .catch((error: unknown) => ctx.log.warn({ err: error, nodeId }, "a credential goes with the next round"));
  ctx.publish({ kind: "node", nodeId });
  return {};
}

interface LockedNode {
  id: string;
  name: string;
}

/** Nothing new can begin on it until the transaction ends: see holdNode. */
async function lockNode(client: PoolClient, id: string): Promise<LockedNode> {
  const { rows } = await client.query<LockedNode>(
    `SELECT id, name FROM node WHERE id = $1 AND "removedAt" IS NULL FOR UPDATE`,
    [id],
  );
  if (rows[0] === undefined) throw new AppError("NOT_FOUND", "There is no such node, or it was removed.");
  return rows[0];
}

async function refuseWhileBusy(client: PoolClient, node: LockedNode): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT r.name FROM run r WHERE r."nodeId" = $1 AND (
       r.status IN ('queued', 'starting', 'running', 'stopping')
       OR EXISTS (SELECT 1 FROM evaluation e WHERE e."runId" = r.id
         AND e.status IN ('queued', 'starting', 'running', 'stopping')))
     ORDER BY r."createdAt"`,
    [node.id],
  );
  if (rows.length === 0) return refuseWhilePreparing(client, node);
  throw new AppError("CONFLICT", `${node.name} still works on: ${rows.map((run) => run.name).join(", ")}.`, {
    hint: "Stop them first, then remove the node.",
  });
}

async function refuseWhilePreparing(client: PoolClient, node: LockedNode): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT 1 FROM node_preparation WHERE "nodeId" = $1 AND status IN ('queued', 'running')`,
    [node.id],
  );
  if (rowCount === 0) return;
  throw new AppError("CONFLICT", `${node.name} is being prepared, or its environment removed.`, {
    hint: "Cancel that job, or wait for its end, then remove the node.",
  });
}

async function hasHistory(client: PoolClient, nodeId: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT 1 FROM run WHERE "nodeId" = $1 UNION ALL SELECT 1 FROM placement WHERE "nodeId" = $1 LIMIT 1`,
    [nodeId],
  );
  return rowCount === 1;
}

/** Its name is free again; runs show it with the day of the removal. */
async function hide(client: PoolClient, node: LockedNode, removedAt: Date): Promise<void> {
  const name = `${node.name} (removed ${removedAt.toISOString().slice(0, 19).replace("T", " ")})`;
  await client.query(
    `UPDATE node SET "removedAt" = $2, name = $3, "connectionVersion" = "connectionVersion" + 1, "updatedAt" = $2
     WHERE id = $1`,
    [node.id, removedAt, name],
  );
  await client.query(`DELETE FROM gpu WHERE "nodeId" = $1`, [node.id]);
  await client.query(`DELETE FROM node_cleanup WHERE "nodeId" = $1`, [node.id]);
  await client.query(`DELETE FROM node_preparation WHERE "nodeId" = $1`, [node.id]);
  await client.query(`DELETE FROM preparation_archive WHERE "nodeId" = $1`, [node.id]);
  await client.query("DELETE FROM preparation_log WHERE node_id = $1", [node.id]);
}
