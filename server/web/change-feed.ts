import { randomBytes } from "node:crypto";
import pg from "pg";
import { z } from "zod";
import type { Change } from "../contracts/changes";
import { batchOfChanges } from "../contracts/changes";
import { ChangeBatch } from "../contracts/sockets";
import type { Database } from "../db";
import type { Logger } from "../log";

const CHANNEL = "trainyard_changes";
const RETRY_MS = 1_000;

const Note = z.union([
  z.object({ from: z.string(), changed: ChangeBatch }),
  z.object({ from: z.string(), sessionsEndedOf: z.string() }),
]);
type Note = z.infer<typeof Note>;
type Told = Note extends infer N ? (N extends { from: string } ? Omit<N, "from"> : never) : never;

export interface ChangeFeed {
  /** Tells the other web processes. Only a hint, and never throws: whoever misses it reads Postgres. */
  tell: (note: { change: Change } | { sessionsEndedOf: string }) => void;
  isListening: () => boolean;
  stop: () => Promise<void>;
}

/**
 * What one web process changes, told to the others through Postgres (LISTEN and NOTIFY). What workers change comes over
 * their links and is not told here. A connection of its own, made again when it is lost.
 */
export function startChangeFeed(parts: {
  db: Database;
  log: Logger;
  onChanged: (batch: ChangeBatch) => void;
  onSessionsEnded: (userId: string) => void;
}): ChangeFeed {
  const { db, log } = parts;
  const self = randomBytes(9).toString("base64url");
  let client: pg.Client | null = null;
  let isListening = false;
  let isStopped = false;
  let retry: NodeJS.Timeout | null = null;

  const hear = (payload: string) => {
    const note = readNote(payload);
    if (note === null) return log.warn("unreadable change from another web process");
    if (note.from === self) return;
    if ("changed" in note) parts.onChanged(note.changed);
    else parts.onSessionsEnded(note.sessionsEndedOf);
  };
  const lose = (lost: pg.Client) => {
    if (client !== lost) return;
    client = null;
    isListening = false;
    lost.end().catch(() => {});
    if (!isStopped) retry = setTimeout(() => void listen(), RETRY_MS);
  };
  const listen = async () => {
    const next = new pg.Client({ connectionString: db.url, keepAlive: true });
    client = next;
    next.on("notification", ({ payload }) => hear(payload ?? ""));
    next.on("error", () => lose(next));
    next.on("end", () => lose(next));
    try {
      await next.connect();
      await next.query(`LISTEN ${CHANNEL}`);
      isListening = client === next;
    } catch (error) {
      log.debug({ err: error }, "changes of other web processes cannot be heard yet");
      lose(next);
    }
  };
  void listen();
  return {
    isListening: () => isListening,
    tell: (note) => {
      const told: Told = "change" in note ? { changed: batchOfChanges([note.change]) } : note;
      db.pool
        .query("SELECT pg_notify($1, $2)", [CHANNEL, JSON.stringify({ from: self, ...told })])
        .catch((error: unknown) => log.debug({ err: error }, "other web processes were not told"));
    },
    stop: async () => {
      isStopped = true;
      if (retry !== null) clearTimeout(retry);
      const last = client;
      client = null;
      await last?.end().catch(() => {});
    },
  };
}

function readNote(payload: string): Note | null {
  try {
    return Note.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    return null;
  }
}
