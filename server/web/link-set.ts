import type { LinkInput, LinkOutput, LinkRequestName } from "../contracts/link";
import type { Database } from "../db";
import type { Logger } from "../log";
import { findWorkerOfAttempt, findWorkerOfNode, listWorkerPlaces, type WorkerPlace } from "../nodes";
import { createLinkClient, type LinkClient, type LinkEvents, workerAway } from "./link-client";

const LOOK_EVERY_MS = 1_000;

export interface LinkSetOptions {
  /** Where this machine's first worker listens: tried also while Postgres cannot say who lives. */
  socketPath: string;
  secret: string;
  db: Database;
  log: Logger;
  events: LinkEvents;
}

/**
 * Links to every live worker, as Postgres lists them. A request about a node goes to the worker that holds it, one that
 * concerns all goes to all, any other to one of them.
 */
export function createLinkSet(options: LinkSetOptions): LinkClient & { look: () => Promise<void> } {
  const { socketPath, db, log, events, secret } = options;
  const home = keyOf({ socketPath });
  const links = new Map<string, LinkClient>();
  /** As of the last look: a worker that is frozen keeps its link open and answers nothing. */
  let live = new Set<string>();
  let isAny = false;
  let looking: Promise<void> | null = null;

  const connected = () => [...links.values()].filter((link) => link.isConnected());
  const answering = () => {
    const listed = [...links].flatMap(([key, link]) => (live.has(key) && link.isConnected() ? [link] : []));
    return listed.length > 0 ? listed : connected();
  };
  const onState = () => {
    const isNow = connected().length > 0;
    // A second worker brings nodes whose rooms have to be told to it, so a new link is news also then.
    if (isNow || isAny) events.onState(isNow);
    isAny = isNow;
  };
  const open = (place: WorkerPlace) => {
    if (links.has(keyOf(place))) return;
    links.set(keyOf(place), createLinkClient({ place, secret, log, events: { ...events, onState } }));
  };
  const look = async () => {
    const places = await listWorkerPlaces(db.pool).catch(() => null);
    if (places === null) return;
    for (const place of places) open(place);
    live = new Set(places.map(keyOf));
    for (const [key, link] of links) {
      if (key === home || live.has(key) || link.isConnected()) continue;
      links.delete(key);
      link.close();
    }
  };
  const lookOnce = () => {
    looking ??= look().finally(() => {
      looking = null;
    });
    return looking;
  };
  open({ socketPath });
  void lookOnce();
  const timer = setInterval(() => void lookOnce(), LOOK_EVERY_MS);

  const linkFor = async (input: unknown): Promise<LinkClient> => {
    const [first, ...others] = answering();
    if (first === undefined) throw workerAway();
    if (others.length === 0) return first;
    const place = await holderOf(db, input);
    const holder = place === null ? undefined : links.get(keyOf(place));
    return holder?.isConnected() ? holder : first;
  };
  return {
    isConnected: () => connected().length > 0,
    look: lookOnce,
    request: async (name, input, limits) =>
      isForAll(name)
        ? askAll(answering(), name, input, limits)
        : (await linkFor(input)).request(name, input, limits),
    close: () => {
      clearInterval(timer);
      for (const link of links.values()) link.close();
    },
  };
}

const keyOf = (place: WorkerPlace) =>
  "socketPath" in place ? `unix:${place.socketPath}` : `tcp:${place.address}`;

function isForAll(name: LinkRequestName): boolean {
  return name === "watch" || name === "wake" || name === "metrics";
}

/** One answer is enough: a worker that is just going away must not cost what the others said. */
async function askAll<N extends LinkRequestName>(
  links: readonly LinkClient[],
  name: N,
  input: LinkInput<N>,
  limits: { deadlineMs?: number } | undefined,
): Promise<LinkOutput<N>> {
  if (links.length === 0) throw workerAway();
  const answers = await Promise.allSettled(links.map((link) => link.request(name, input, limits)));
  const given = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const [first] = given;
  if (first === undefined)
    throw answers.find((answer) => answer.status === "rejected")?.reason ?? workerAway();
  if ("texts" in first) {
    const texts = given.flatMap((answer) => ("texts" in answer ? answer.texts : []));
    return { ...first, texts };
  }
  if (!("ticks" in first)) return first;
  const ticks = given.flatMap((answer) => ("ticks" in answer ? answer.ticks : []));
  return { ...first, ticks };
}

/** Of the node or attempt that the request is about; null: about neither, or nobody holds it. */
async function holderOf({ pool }: Database, input: unknown): Promise<WorkerPlace | null> {
  if (typeof input !== "object" || input === null) return null;
  if ("nodeId" in input) return findWorkerOfNode(pool, String(input.nodeId));
  if ("attemptId" in input) return findWorkerOfAttempt(pool, String(input.attemptId));
  return null;
}
