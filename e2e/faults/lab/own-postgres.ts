import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type EmbeddedServer, startEmbeddedServer } from "../../../server/db/embedded/embedded-server";
import { migrate } from "../../../server/db/migrations";
import { isAlive, killIfThere, waitUntil } from "../../../server/testing/processes";

/** A PostgreSQL that one experiment alone uses, and may break. */
export interface OwnPostgres {
  /** Ends the client connections of one database in good order, as an administrator does. Returns how many. */
  terminateConnections: (database: string) => Promise<number>;
  /** kill -9 of one client's process: the server ends all others and recovers from its log. false: there is none. */
  killBackend: (database: string) => Promise<boolean>;
  /** kill -9 of the server itself. */
  kill: () => Promise<void>;
  /** After `kill`: on the same port. */
  start: () => Promise<void>;
  stop: () => Promise<void>;
}

const TEMPLATE = "template_own";

/** Databases that this process makes from now on are on it. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const directory = mkdtempSync(join(tmpdir(), "trainyard-postgres-"));
  const start = () => startEmbeddedServer({ directory, database: TEMPLATE, isThrowaway: true });
  let server: EmbeddedServer = await start();
  await migrate(server.url, process.cwd());
  const admin = new URL(server.url);
  admin.pathname = "/postgres";
  process.env.TRAINYARD_TEST_ADMIN_URL = admin.href;
  process.env.TRAINYARD_TEST_TEMPLATE = TEMPLATE;
  const ask = async <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) => {
    const client = new pg.Client({ connectionString: admin.href });
    client.on("error", () => {});
    await client.connect();
    try {
      return (await client.query<Row>(sql, values)).rows;
    } finally {
      await client.end();
    }
  };
  const postmaster = async () =>
    Number(
      (await ask<{ pid: string }>("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid"))[0]
        ?.pid,
    );
  return {
    terminateConnections: async (database) =>
      (await ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [database]))
        .length,
    killBackend: async (database) => {
      const [row] = await ask<{ pid: number }>(
        "SELECT pid FROM pg_stat_activity WHERE datname = $1 ORDER BY state = 'active' DESC, query_start DESC LIMIT 1",
        [database],
      );
      if (row) killIfThere(row.pid);
      return row !== undefined;
    },
    kill: async () => {
      const pid = await postmaster();
      killIfThere(pid);
      await waitUntil(() => !isAlive(pid), "PostgreSQL to be gone");
    },
    start: async () => {
      server = await start();
    },
    stop: async () => {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
