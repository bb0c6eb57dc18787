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
