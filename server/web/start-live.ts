import type { Server } from "node:http";
import { actorOfRequest, createAuth } from "../auth";
import { installContainer } from "../container";
import { SYSTEM_ACTOR } from "../context";
import type { Database } from "../db";
import { authSecret, type Env } from "../env";
import { linkSecret } from "../link-secret";
import type { Logger } from "../log";
import { startChangeFeed } from "./change-feed";
import { contextOf, createContainer } from "./create-container";
import { watchDatabase } from "./database-monitor";
import type { LinkClient } from "./link-client";
import { createLinkSet } from "./link-set";
import { createLiveHub } from "./live-hub";
import { createOutbox } from "./outbox";
import { closeSocketsOf, createSocketServer, serveSockets } from "./sockets";
import { createRoomWatch } from "./watch-rooms";

export interface LiveOptions {
  env: Env;
  log: Logger;
  version: string;
  origin: string;
  db: Database;
  server: Server;
}

/** Everything but pages: accounts, sockets, link, database state, and the container that pages reach them by. */
export function startLive(options: LiveOptions) {
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
  const link = createLinkSet({
    socketPath: env.linkSocket,
    secret: linkSecret(env),
    db,
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
  const closeSockets = (userId: string) => closeSocketsOf(io, userId);
  const feed = startChangeFeed({ db, log, onChanged: hub.onChanged, onSessionsEnded: closeSockets });
  const onSessionsEnded = (userId: string) => {
    closeSockets(userId);
    feed.tell({ sessionsEndedOf: userId });
  };
  const parts = { ...options, auth, link, hub, feed, database, onSessionsEnded };
  const container = createContainer(parts);
  installContainer(container);
  return {
    /** As installed for pages: a test with two of these in one process has to tell them apart. */
    container,
    systemContext: contextOf(parts, SYSTEM_ACTOR),
    operated: {
      checkDatabase: database.check,
      isWorkerConnected: () => hub.state().isWorkerConnected,
      link,
      actorOf,
    },
    stop: async () => {
      link.close();
      database.stop();
      hub.stop();
      outbox.stop();
      sockets.stop();
      await feed.stop();
    },
  };
}
