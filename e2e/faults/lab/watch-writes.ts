import type pg from "pg";

/** Tables that only the holder of a node's lease may write. */
const LEASED_TABLES = [
  "attempt",
  "attempt_event",
  "gpu_claim",
  "log_chunk",
  "node_file",
  "node_readiness",
  "scalar",
  "stage",
  "telemetry_chunk",
  "telemetry_tick",
] as const;

/** A worker's own name for its connections, so that Postgres itself can tell whose write it sees. */
export function urlOfWorker(databaseUrl: string, { name, port }: { name: string; port: number }): string {
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String(port);
  url.searchParams.set("application_name", name);
  return url.href;
}

/**
 * Lets Postgres note every write of a worker (by its connections' name) together with who holds the node's lease at that
 * moment: what the product's own fence believes does not matter here. For a database with one node.
 */
export async function watchWrites(pool: pg.Pool): Promise<void> {
  await pool.query(`
    CREATE TABLE lab_worker (name text PRIMARY KEY, pid int NOT NULL);
    CREATE TABLE lab_write (name text, relation text, owner text, is_running boolean);
    CREATE FUNCTION lab_note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO lab_write
        SELECT current_setting('application_name'), TG_TABLE_NAME, owner, until > clock_timestamp() FROM node_lease;
      RETURN NULL;
    END $$`);
  for (const name of LEASED_TABLES) {
    await pool.query(
      `CREATE TRIGGER lab_note AFTER INSERT OR UPDATE OR DELETE ON "${name}" FOR EACH ROW EXECUTE FUNCTION lab_note()`,
    );
  }
}

export async function nameWorker(pool: pg.Pool, name: string, pid: number): Promise<void> {
  await pool.query(
    "INSERT INTO lab_worker VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET pid = excluded.pid",
    [name, pid],
  );
}

export interface SeenWrites {
  all: number;
  /** Tables of those while the lease was another's. */
  stale: string[];
}

/** Writes of workers so far. */
export async function countWrites(pool: pg.Pool): Promise<SeenWrites> {
  const { rows } = await pool.query<SeenWrites>(
    `SELECT count(*)::int AS all,
       coalesce(array_agg(w.relation) FILTER (WHERE split_part(w.owner, '/', 3)::int <> k.pid), '{}') AS stale
     FROM lab_write w JOIN lab_worker k USING (name)`,
  );
  return rows[0] ?? { all: 0, stale: [] };
}
