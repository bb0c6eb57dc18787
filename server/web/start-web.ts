import type { Server } from "node:http";
import { createFirstAdmin, type FirstAdmin } from "../auth";
import { canReadCredentials, openDatabase } from "../db";
import type { Env } from "../env";
import type { Logger } from "../log";
import { closeHttpServer, createHttpServer, listen } from "./http-server";
import { type NextPages, startNext } from "./next-pages";
import { createOperations } from "./operations";
import { startLive } from "./start-live";

export interface Web {
  origin: string;
  server: Server;
  firstAdmin: FirstAdmin | null;
  stop: () => Promise<void>;
}

export interface WebOptions {
  env: Env;
  log: Logger;
  root: string;
  version: string;
}

/**
 * The web process: takes its port first, then connects its parts, and answers pages last.
 * @throws Error with a message for people: no DATABASE_URL, port in use, database out of reach
 */
export async function startWeb(options: WebOptions): Promise<Web> {
  const { env, log } = options;
  if (env.databaseUrl === null)
    throw new Error("DATABASE_URL is not set. Start Trainyard with npm start: it brings a database.");
  const isDevelopment = env.mode === "development";
  let origin = env.origin;
  let pages: NextPages | null = null;
  const db = openDatabase(env.databaseUrl);
  let live: ReturnType<typeof startLive> | null = null;
  const server = createHttpServer({
    log,
    operations: createOperations({
      db,
      log,
      root: options.root,
      origin: () => origin,
      live: () => live?.operated ?? null,
      hasPages: () => pages !== null,
    }),
    security: () => ({ origin, isDevelopment }),
    pages: () => pages?.handle ?? null,
    otherUpgrades: () => pages?.upgrade ?? null,
  });
  const port = await listen(server, env);
  origin = withPort(env.origin, port);
  try {
    const started = startLive({ ...options, origin, db, server });
    live = started;
    pages = await startNext({ root: options.root, isDevelopment, host: env.host, port });
    if (await canReadCredentials(db.pool)) log.warn(TOO_MANY_RIGHTS);
    const firstAdmin = await createFirstAdmin({ ctx: started.systemContext });
    const stop = () =>
      stopAll([
        () => started.stop(),
        async () => pages?.endUpgrades(),
        () => closeHttpServer(server),
        () => pages?.close(),
        () => db.close(),
      ]);
    return { origin, server, firstAdmin, stop };
  } catch (error) {
    server.closeAllConnections();
    server.close();
    throw error;
  }

  async function stopAll(steps: (() => Promise<void> | undefined)[]): Promise<void> {
    for (const step of steps) await step();
    log.info("stopped");
  }
}

const TOO_MANY_RIGHTS =
  "this process connects as a role that can read node credentials (encrypted); docs/deploying.md says how to give it one of its own";

/** PORT=0 lets the system choose; browsers then send the chosen one. */
function withPort(origin: string, port: number): string {
  return origin.endsWith(":0") ? `${origin.slice(0, -1)}${port}` : origin;
}
