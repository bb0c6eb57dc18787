import type { Server } from "node:http";
import { actorOfRequest, createAuth, createFirstAdmin, type FirstAdmin } from "../auth";
import { installContainer } from "../container";
import { SYSTEM_ACTOR } from "../context";
import { type Database, openDatabase } from "../db";
import { authSecret, type Env } from "../env";
import { linkSecret } from "../link-secret";
import type { Logger } from "../log";
import { contextOf, createContainer } from "./create-container";
import { watchDatabase } from "./database-monitor";
import { closeHttpServer, createHttpServer, listen } from "./http-server";
import { createLinkClient, type LinkClient } from "./link-client";
import { createLiveHub } from "./live-hub";
import { type NextPages, startNext } from "./next-pages";
import { createOutbox } from "./outbox";
import { closeSocketsOf, createSocketServer, serveSockets } from "./sockets";
import { createRoomWatch } from "./watch-rooms";

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
  const server = createHttpServer({
    security: () => ({ origin, isDevelopment }),
    pages: () => pages?.handle ?? null,
    otherUpgrades: () => pages?.upgrade ?? null,
  });
  const port = await listen(server, env);
  origin = withPort(env.origin, port);
  const db = openDatabase(env.databaseUrl);
  try {
    const live = startLive({ ...options, origin, db, server });
    pages = await startNext({ root: options.root, isDevelopment, host: env.host, port });
    const firstAdmin = await createFirstAdmin({ ctx: live.systemContext });
    const stop = () =>
      stopAll([() => live.stop(), () => closeHttpServer(server), () => pages?.close(), () => db.close()]);
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

/** PORT=0 lets the system choose; browsers then send the chosen one. */
function withPort(origin: string, port: number): string {
  return origin.endsWith(":0") ? `${origin.slice(0, -1)}${port}` : origin;
}

interface LiveOptions extends WebOptions {
  origin: string;
  db: Database;
  server: Server;
}

/** Everything but pages: accounts, sockets, link, database state, and the container that pages reach them by. */
function startLive(options: LiveOptions) {
  const { env, log, origin, db, server } = options;
  const auth = createAuth({ db, origin, secret: authSecret(env), log });
  const actorOf = (headers: Headers) => actorOfRequest({ auth, db, now: () => new Date() }, headers);
  const io = createSocketServer(origin, actorOf);
  const outbox = createOutbox(io);
  const hub = createLiveHub(outbox);
  const database = watchDatabase({
    db,
    log,
    onChange: (isDatabaseAvailable) => hub.setState({ ...hub.state(), isDatabaseAvailable }),
  });
  const watch = createRoomWatch({ link: (): LinkClient => link, hub, log });
  const link = createLinkClient({
    socketPath: env.linkSocket,
    secret: linkSecret(env),
    log,
    events: {
      onTicks: hub.onTicks,
      onChanged: hub.onChanged,
      onFiles: hub.onFiles,
      onState: (isWorkerConnected) => {
        hub.setState({ ...hub.state(), isWorkerConnected });
        if (isWorkerConnected) void watch();
      },
    },
  });
  const sockets = serveSockets({ io, hub, db, log, actorOf, watch });
  sockets.attach(server);
  const onSessionsEnded = (userId: string) => closeSocketsOf(io, userId);
  installContainer(createContainer({ ...options, auth, link, hub, database, onSessionsEnded }));
  return {
    systemContext: contextOf({ db, log, hub, link }, SYSTEM_ACTOR),
    stop: async () => {
      link.close();
      database.stop();
      hub.stop();
      outbox.stop();
      await sockets.stop();
    },
  };
}
