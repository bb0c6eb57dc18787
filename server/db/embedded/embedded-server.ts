import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { freePort, isPortFree } from "../../free-port";
import { OPEN_DIRECTORY, reachableBinaries, serverAccount } from "./account";
import { findPostgres } from "./binaries";
import { initialise, loadCluster, saveCluster } from "./cluster";
import { findRunning, launch, stopServer, untilGone, urlOf } from "./postgres-process";

export interface EmbeddedServer {
  url: string;
  /** An earlier process's server was taken over. */
  wasRunning: boolean;
  /** Resolves when the server has ended, for whatever reason. */
  gone: Promise<void>;
  /** Fast shutdown; resolves when the server is gone. */
  stop: () => Promise<void>;
}

export interface EmbeddedOptions {
  /** Trainyard's data directory: holds postgres.json and, when the server's user can enter it, the cluster. */
  directory: string;
  database: string;
  /** Tests only: no fsync. What was committed survives the death of the server, not that of the machine. */
  isThrowaway?: boolean;
  /** Where to go when `directory` is closed to the server's user. */
  openDirectory?: string;
}

/**
 * Starts PostgreSQL on a free loopback port, or takes over the one that an earlier, killed process left running.
 * @throws Error with the end of the server's log when it does not come up
 */
export async function startEmbeddedServer(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { directory, database } = options;
  mkdirSync(directory, { recursive: true });
  const account = serverAccount();
  const openDirectory = options.openDirectory ?? OPEN_DIRECTORY;
  const native = reachableBinaries(account, await findPostgres(), "18", openDirectory);
  const cluster = await loadCluster({ directory, openDirectory, account });
  if (!existsSync(join(cluster.dataDirectory, "PG_VERSION"))) initialise(native, cluster, account);
  const runningPid = await findRunning(cluster);
  const pid = runningPid ?? (await startNew());
  const url = urlOf(cluster, database);
  await ensureDatabase(urlOf(cluster, "postgres"), database);
  return {
    url,
    wasRunning: runningPid !== null,
    gone: untilGone(pid),
    stop: () => stopServer(pid),
  };

  async function startNew(): Promise<number> {
    if (!(await isPortFree(cluster.port))) {
      cluster.port = await freePort();
      saveCluster(directory, cluster);
    }
    const child = await launch({ native, cluster, account, isThrowaway: options.isThrowaway ?? false });
    if (child.pid === undefined) throw new Error("PostgreSQL did not start.");
    return child.pid;
  }
}

async function ensureDatabase(adminUrl: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}
