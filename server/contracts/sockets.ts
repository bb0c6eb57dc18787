import { z } from "zod";
import { Id } from "./primitives";
import type { TelemetryTick } from "./telemetry";

export const Room = z.union([z.literal("yard"), z.string().regex(/^(?:node|run|evaluation):[0-9a-f-]{36}$/)]);
export type Room = z.infer<typeof Room>;

/** Something in Postgres changed: read it again. Coalesced per tick. */
export const ChangeBatch = z.object({
  nodes: z.array(Id),
  runs: z.array(Id),
  attempts: z.array(Id),
  evaluations: z.array(Id),
});
export type ChangeBatch = z.infer<typeof ChangeBatch>;

/** A log's newest bytes, from `offset` to the hint's. */
export const LogTail = z.object({
  offset: z.number().int(),
  bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
});
export type LogTail = z.infer<typeof LogTail>;

/** Bytes of a followed file, or scalars out of it, were stored up to `offset`. A hint: the client reads the range. */
export const FileHint = z.object({
  runId: Id,
  attemptId: Id,
  fileId: Id,
  path: z.string(),
  kind: z.enum(["log", "events", "answers"]),
  generation: z.number().int(),
  offset: z.number().int(),
  isComplete: z.boolean(),
  /** How many new scalars this step stored. */
  scalarCount: z.number().int(),
  /** Spares two hundred viewers of one log a question each. null: no log, or more than is worth sending to everybody. */
  tail: LogTail.nullable(),
});
export type FileHint = z.infer<typeof FileHint>;

export const LinkState = z.object({ isWorkerConnected: z.boolean(), isDatabaseAvailable: z.boolean() });
export type LinkState = z.infer<typeof LinkState>;

export interface ServerToClientEvents {
  /** Rooms yard, node, run. Volatile. One batch per room and tick. */
  telemetry: (batch: { ticks: TelemetryTick[]; sentAt: number }) => void;
  /** All rooms. */
  changed: (batch: ChangeBatch) => void;
  /** Rooms run, evaluation. */
  files: (batch: { hints: FileHint[] }) => void;
  /** On connect and on every change: whether what is shown can be live. */
  link: (state: LinkState) => void;
}
export type JoinReply =
  | { ok: true; ticks: TelemetryTick[]; link: LinkState }
  | { ok: false; message: string };
export interface ClientToServerEvents {
  /** Replies with the newest tick of each node in the room, so that a page is full at once. */
  join: (room: Room, reply: (result: JoinReply) => void) => void;
  leave: (room: Room) => void;
}
