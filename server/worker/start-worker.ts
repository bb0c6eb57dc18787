import { type Context, SYSTEM_ACTOR } from "../context";
import { openDatabase } from "../db";
import type { Env } from "../env";
import { linkSecret } from "../link-secret";
import type { Logger } from "../log";
import { RequestAnswerer } from "./answer-requests";
import { FirstLooks } from "./first-looks";
import { LeaseKeeper } from "./lease-keeper";
import { createOwner } from "./lease-owner";
import { type LinkServer, startLinkServer } from "./link-server";
import { Outbox } from "./outbox";
import { keepPracticeNode } from "./practice-node";
import { Slots } from "./ssh";
import { loadKeyRing, Vault } from "./vault";
import { WatchList } from "./watch-list";
import { WorkerMetrics } from "./worker-metrics";
import type { WorkerParts } from "./worker-parts";

export interface Worker {
  owner: string;
  /** Ends connections and gives leases back. What runs on nodes goes on. */
  stop: () => Promise<void>;
}

const MAX_DATABASE_CONNECTIONS = 15;
/** Ten logins at a time bring a hundred nodes back in 9 s; all at once would time each other out. */
const LOGINS_AT_ONCE = 10;
const PRACTICE_CHECK_MS = 5_000;

/** @throws Error when the database, the key ring or the link's socket cannot be had */
export async function startWorker(options: { env: Env; databaseUrl: string; log: Logger }): Promise<Worker> {
  const { env, log } = options;
  const ring = loadKeyRing(env.keyFile);
  const db = openDatabase(options.databaseUrl, { maxConnections: MAX_DATABASE_CONNECTIONS });
  let link: LinkServer | null = null;
  const outbox = new Outbox((name, ...payload) => link?.broadcast(name, ...payload));
  const ctx: Context = {
    db,
    actor: SYSTEM_ACTOR,
    now: () => new Date(),
    log,
    publish: (change) => outbox.addChange(change),
  };
  const vault = new Vault(db.pool, ring);
  const owner = createOwner();
  const parts: WorkerParts = {
    ctx,
    vault,
    outbox,
    owner,
    loginSlots: new Slots(LOGINS_AT_ONCE),
    metrics: new WorkerMetrics(owner),
    firstLooks: new FirstLooks(),
    keepNodeLogsDays: env.keepNodeLogsDays,
  };
  const keeper = new LeaseKeeper(parts);
  const answerer = new RequestAnswerer({ parts, keeper, watchList: new WatchList(db.pool) });
  try {
    await db.pool.query("SELECT 1");
    link = await startLinkServer({
      socketPath: env.linkSocket,
      listen: env.linkListen,
      secret: linkSecret(env),
      log,
      answer: (name, input, clientId) => answerer.answer(name, input, clientId),
      onGone: (clientId) => {
        answerer
          .forget(clientId)
          .catch((error: unknown) => log.warn({ err: error }, "a watch list was not cleared"));
      },
    });
  } catch (error) {
    await db.close();
    throw error;
  }
  const practice = env.isPracticeEnabled ? followPractice(parts, keeper, env.dataDirectory) : null;
  await practice?.check();
  await keeper.start(link.place);
  return {
    owner: parts.owner,
    stop: async () => {
      practice?.stop();
      await keeper.stop();
      outbox.stop();
      await link?.close();
      await db.close();
    },
  };
}

/** The practice server may start after us, and somewhere else after a restart. */
function followPractice(parts: WorkerParts, keeper: LeaseKeeper, dataDirectory: string) {
  const check = async () => {
    try {
      if (await keepPracticeNode(parts, dataDirectory)) await keeper.look();
    } catch (error) {
      parts.ctx.log.warn({ err: error }, "the practice node could not be registered");
    }
  };
  const timer = setInterval(() => void check(), PRACTICE_CHECK_MS);
  return { check, stop: () => clearInterval(timer) };
}
