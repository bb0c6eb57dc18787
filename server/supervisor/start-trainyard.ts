import { chmodSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { startEmbeddedServer } from "../db/embedded/embedded-server";
import { migrate } from "../db/migrations";
import type { Env } from "../env";
import type { Logger } from "../log";
import { Child, type ChildName, type FirstAdmin } from "./child";
import { ProcessRegistry } from "./leftovers";

export interface Trainyard {
  origin: string;
  databaseUrl: string;
  /** Set when this start made the first account. */
  firstAdmin: FirstAdmin | null;
  stop: () => Promise<void>;
}

export interface StartOptions {
  env: Env;
  /** The project's directory, with prisma/ and dist/. */
  root: string;
  log: Logger;
}

/**
 * Database, migrations, then practice node, worker and web, in this order.
 * @throws Error with a message for people: port in use, second start, database out of reach
 */
export async function startTrainyard({ env, root, log }: StartOptions): Promise<Trainyard> {
  mkdirSync(env.dataDirectory, { recursive: true });
  // Others may pass through but not look: PostgreSQL's user has to reach its own folder below.
  chmodSync(env.dataDirectory, 0o711);
  const registry = await ProcessRegistry.claim(join(env.dataDirectory, "run", "processes.json"));
  await assertPortFree(env);
  const database = await openServer(env);
  const children: Child[] = [];
  let firstAdmin: FirstAdmin | null = null;
  const stop = async () => {
    for (const child of children.reverse()) await child.stop();
    await database.stop();
  };
  try {
    const applied = await migrate(database.url, root);
    if (applied.length > 0) log.info({ applied }, "database brought up to date");
    const names: ChildName[] = env.isPracticeEnabled ? ["practice", "worker", "web"] : ["worker", "web"];
    for (const name of names) {
      const child = new Child({
        name,
        dist: join(root, "dist"),
        env: childEnvironment(env, database.url),
        log,
        onFirstAdmin: (admin) => {
          firstAdmin = admin;
        },
        onSpawn: (childName, pid) => registry.addChild(childName, pid),
      });
      children.push(child);
      await child.start();
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { origin: env.origin, databaseUrl: database.url, firstAdmin, stop };
}

function childEnvironment(env: Env, databaseUrl: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: env.mode,
    DATABASE_URL: databaseUrl,
    TRAINYARD_DATA_DIR: env.dataDirectory,
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

async function openServer(env: Env): Promise<{ url: string; stop: () => Promise<void> }> {
  if (env.databaseUrl === null) {
    return startEmbeddedServer({ directory: env.dataDirectory, database: "trainyard" });
  }
  const client = new pg.Client({ connectionString: env.databaseUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.end();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot reach the database of DATABASE_URL: ${reason || "no answer"}`, { cause: error });
  }
  return { url: env.databaseUrl, stop: async () => {} };
}

function assertPortFree(env: Env): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === "EADDRINUSE" ? "is in use by another program" : `cannot be used (${error.code})`;
      reject(
        new Error(
          `Port ${env.port} on ${env.host} ${reason}. Choose another: PORT=${env.port + 1} npm start`,
        ),
      );
    });
    probe.listen(env.port, env.host, () => probe.close(() => resolve()));
  });
}
