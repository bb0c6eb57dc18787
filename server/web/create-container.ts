import { type Auth, actorOfRequest, forwardAuth, sessionOf } from "../auth";
import type { Container } from "../container";
import type { Actor, Context } from "../context";
import type { Database } from "../db";
import type { Env } from "../env";
import type { Logger } from "../log";
import { readPracticeServer } from "../nodes";
import type { ChangeFeed } from "./change-feed";
import type { DatabaseMonitor } from "./database-monitor";
import type { LinkClient } from "./link-client";
import type { LiveHub } from "./live-hub";
import { VERBS } from "./verbs";

export interface ContainerParts {
  env: Env;
  origin: string;
  version: string;
  db: Database;
  log: Logger;
  auth: Auth;
  link: LinkClient;
  hub: LiveHub;
  feed: ChangeFeed;
  database: DatabaseMonitor;
  /** The user's sessions have ended somewhere: closes their sockets. */
  onSessionsEnded: (userId: string) => void;
}

/** Everything that pages and routes may use, made of the live parts of this process. */
export function createContainer(parts: ContainerParts): Container {
  const { env, db, log, link, hub } = parts;
  const now = () => new Date();
  return {
    origin: parts.origin,
    version: parts.version,
    startedAt: now(),
    log,
    sessionOf: (headers) => sessionOf(parts.auth, headers),
    actorOf: (headers) => actorOfRequest({ auth: parts.auth, db, now }, headers),
    contextOf: (actor) => contextOf(parts, actor),
    handleAuth: (request) =>
      forwardAuth(
        {
          auth: parts.auth,
          db,
          origin: parts.origin,
          onSessionsEnded: ({ userId }) => parts.onSessionsEnded(userId),
        },
        request,
      ),
    link,
    state: hub.state,
    checkDatabase: parts.database.check,
    nodePorts: { link, practice: () => readPracticeServer(env.dataDirectory) },
    ...VERBS,
  };
}

/** What a verb of this process changes is told to the pages here and of other web processes, and wakes the workers. */
export function contextOf(
  parts: Pick<ContainerParts, "db" | "log" | "hub" | "feed" | "link">,
  actor: Actor,
): Context {
  const { db, log, hub, feed, link } = parts;
  return {
    db,
    actor,
    now: () => new Date(),
    log,
    publish: (change) => {
      hub.publish(change);
      feed.tell({ change });
      if (!link.isConnected()) return;
      // Only a hint: the worker looks by itself within two seconds.
      link
        .request("wake", { nodeIds: [change.nodeId] })
        .catch((error: unknown) => log.debug({ err: error }, "wake failed"));
    },
  };
}
