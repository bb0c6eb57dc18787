import type pg from "pg";
import { inTransaction } from "../../db";
import { holdLease, type NodeLease } from "../../nodes/lease";
import { ReadinessFacts } from "../../nodes/readiness/readiness-facts";
import { hashReadinessSettings } from "./check-readiness";
import type { NodeRecord } from "./load-node";

const CHECK_AGAIN_AFTER_MS = 24 * 3_600_000;

/** Keeps what a check saw, in place of the one before. @throws AppError CONFLICT when the lease is no longer ours */
export async function storeReadiness(pool: pg.Pool, lease: NodeLease, facts: ReadinessFacts): Promise<void> {
  await inTransaction(pool, async (client) => {
    await holdLease(client, lease);
    await client.query(
      `INSERT INTO node_readiness ("nodeId", facts, "checkedAt") VALUES ($1, $2, now())
       ON CONFLICT ("nodeId") DO UPDATE SET facts = excluded.facts, "checkedAt" = excluded."checkedAt"`,
      [lease.nodeId, JSON.stringify(facts)],
    );
  });
}

/** Whether the last check is missing, of an older version, over a day old, of other settings, or before a preparation's end. */
export async function isReadinessDue(pool: pg.Pool, node: NodeRecord): Promise<boolean> {
  const { rows } = await pool.query<{ facts: unknown; ageMs: number; isPrepared: boolean }>(
    `SELECT facts, (extract(epoch FROM now() - "checkedAt") * 1000)::float8 AS "ageMs",
       EXISTS (SELECT 1 FROM node_preparation p WHERE p."nodeId" = $1 AND p."endedAt" > "checkedAt") AS "isPrepared"
     FROM node_readiness WHERE "nodeId" = $1`,
    [node.id],
  );
  const [row] = rows;
  const facts = ReadinessFacts.safeParse(row?.facts).data;
  if (row === undefined || facts === undefined || row.isPrepared || row.ageMs > CHECK_AGAIN_AFTER_MS)
    return true;
  return facts.settingsHash !== hashReadinessSettings(node.settings);
}
