import type pg from "pg";
import { AppError } from "../errors";

/** Proof that this process owns a node. Every write about the node carries it. */
export interface NodeLease {
  nodeId: string;
  owner: string;
  epoch: bigint;
}
/** Together with the time to connect, short enough for a failover in 20 s. */
export const LEASE_SECONDS = 15;
export const LEASE_RENEW_MS = 3_000;

/** Acquires or renews. null: another owner's lease is still running. Only the database's clock counts. */
export async function acquireLease(pool: pg.Pool, nodeId: string, owner: string): Promise<NodeLease | null> {
  const { rows } = await pool.query<{ epoch: string }>(
    `INSERT INTO node_lease AS l (node_id, owner, epoch, until)
     VALUES ($1, $2, 1, clock_timestamp() + make_interval(secs => $3))
     ON CONFLICT (node_id) DO UPDATE SET owner = excluded.owner, until = excluded.until,
       epoch = l.epoch + (l.owner <> excluded.owner)::int
     WHERE l.owner = excluded.owner OR l.until < clock_timestamp()
     RETURNING epoch`,
    [nodeId, owner, LEASE_SECONDS],
  );
  const row = rows[0];
  return row ? { nodeId, owner, epoch: BigInt(row.epoch) } : null;
}

export async function releaseLease(pool: pg.Pool, lease: NodeLease): Promise<void> {
  await pool.query(
    "UPDATE node_lease SET until = clock_timestamp() - interval '1 second' WHERE node_id = $1 AND owner = $2 AND epoch = $3",
    [lease.nodeId, lease.owner, lease.epoch.toString()],
  );
}

/**
 * First statement of every transaction that writes about a leased node: the row lock keeps a takeover out until commit.
 * @throws AppError CONFLICT when the lease is no longer ours
 */
export async function holdLease(client: pg.PoolClient, lease: NodeLease): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT 1 FROM node_lease WHERE node_id = $1 AND owner = $2 AND epoch = $3 AND until > clock_timestamp() FOR SHARE`,
    [lease.nodeId, lease.owner, lease.epoch.toString()],
  );
  if (rowCount !== 1) throw new AppError("CONFLICT", `lease of node ${lease.nodeId} is no longer ours`);
}
