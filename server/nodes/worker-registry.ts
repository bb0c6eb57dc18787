import type pg from "pg";
import { LEASE_SECONDS } from "./lease";

/** Where a worker listens for web processes: a Unix socket on its own machine, or host:port for any machine. */
export type WorkerPlace = { socketPath: string } | { address: string };

/** Says that this worker lives. Called before its leases are renewed, so that it never seems to live longer than they do. */
export async function beatWorker(pool: pg.Pool, owner: string, place: WorkerPlace): Promise<void> {
  await pool.query(
    `INSERT INTO worker (owner, "socketPath", address, "seenAt") VALUES ($1, $2, $3, clock_timestamp())
     ON CONFLICT (owner) DO UPDATE SET "seenAt" = excluded."seenAt"`,
    [owner, "socketPath" in place ? place.socketPath : null, "address" in place ? place.address : null],
  );
}

/** It ended, or it is known to be dead. */
export async function forgetWorkers(pool: pg.Pool, owners: readonly string[]): Promise<void> {
  await pool.query("DELETE FROM worker WHERE owner = ANY ($1)", [owners]);
}

/** Owners that were seen within the time of a lease; the rows of those that were not for a day are removed. */
export async function listLiveWorkers(pool: pg.Pool): Promise<string[]> {
  await pool.query(`DELETE FROM worker WHERE "seenAt" < clock_timestamp() - interval '1 day'`);
  const { rows } = await pool.query<{ owner: string }>(
    `SELECT owner FROM worker WHERE "seenAt" > clock_timestamp() - make_interval(secs => $1) ORDER BY owner`,
    [LEASE_SECONDS],
  );
  return rows.map((row) => row.owner);
}

/** Where the live workers listen. */
export async function listWorkerPlaces(pool: pg.Pool): Promise<WorkerPlace[]> {
  const { rows } = await pool.query<PlaceRow>(
    `SELECT "socketPath", address FROM worker WHERE "seenAt" > clock_timestamp() - make_interval(secs => $1)`,
    [LEASE_SECONDS],
  );
  return rows.flatMap((row) => placeOf(row) ?? []);
}

/** Where the worker listens that holds a node's lease; null: nobody holds it now. */
export async function findWorkerOfNode(pool: pg.Pool, nodeId: string): Promise<WorkerPlace | null> {
  const { rows } = await pool.query<PlaceRow>(
    `SELECT w."socketPath", w.address FROM node_lease l JOIN worker w ON w.owner = l.owner
     WHERE l.node_id = $1 AND l.until > clock_timestamp()`,
    [nodeId],
  );
  return rows[0] === undefined ? null : placeOf(rows[0]);
}

/** The same for the node that an attempt runs on. */
export async function findWorkerOfAttempt(pool: pg.Pool, attemptId: string): Promise<WorkerPlace | null> {
  const { rows } = await pool.query<{ nodeId: string }>(
    'SELECT "nodeId" FROM placement WHERE "attemptId" = $1 ORDER BY rank LIMIT 1',
    [attemptId],
  );
  return rows[0] === undefined ? null : findWorkerOfNode(pool, rows[0].nodeId);
}

interface PlaceRow {
  socketPath: string | null;
  address: string | null;
}

function placeOf({ socketPath, address }: PlaceRow): WorkerPlace | null {
  if (address !== null) return { address };
  return socketPath === null ? null : { socketPath };
}
