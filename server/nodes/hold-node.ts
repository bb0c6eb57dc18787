import type { PoolClient } from "pg";

/**
 * Whether a node is there; if so it cannot be removed before the transaction ends. Whoever gives a node work asks this in
 * the transaction that does: else it could be removed between the look and the write.
 */
export async function holdNode(client: PoolClient, nodeId: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT 1 FROM node WHERE id = $1 AND "removedAt" IS NULL FOR KEY SHARE`,
    [nodeId],
  );
  return rowCount === 1;
}

/**
 * One plan at a time until the transaction ends: two that read the same free GPUs would both give them out, and a job that
 * changes the node's environment would begin beside an attempt.
 */
export async function lockPlan(client: PoolClient, nodeId: string): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 7242))", [nodeId]);
}
