import { setImmediate as nextTurn } from "node:timers/promises";
import type pg from "pg";
import { z } from "zod";
import {
  groupScalars,
  insertScalars,
  type LogScalar,
  parseTrainLog,
  stepsDone,
  stepsTotal,
  type TrainLogState,
} from "../scalars";
import type { AppendInput, AppendPlan } from "./append-plan";
import type { FileCursor } from "./file-cursor";

const STATE_VERSION = 1;
const Stored = z.object({ version: z.literal(STATE_VERSION), log: z.unknown() });

/** Parsing this much takes a few milliseconds; then the event loop gets a turn. */
const SLICE_BYTES = 262_144;
/** A range is read without fetching much more than it; one row a poll is smaller anyway. */
const CHUNK_BYTES = 262_144;
/** Bytes that came one by one as they were written. A larger piece was waiting for us, nobody knows since when. */
const LIVE_BYTES = 65_536;
const SHORT_LOG_BYTES = 8192;

function stateOf(parserState: unknown): TrainLogState | null {
  const stored = Stored.safeParse(parserState);
  // Safe because this version is written below, by this module alone.
  return stored.success ? (stored.data.log as TrainLogState) : null;
}

/** Unix seconds for what a log line says, which carries no clock of its own; NaN when it was not followed live. */
function wallTimeOf(cursor: FileCursor, { bytes, size, observedAt }: AppendInput): number {
  const isCaughtUp = cursor.offset + bytes.length >= size;
  const isFollowed = cursor.isFollowed === true || cursor.offset < SHORT_LOG_BYTES;
  return isCaughtUp && isFollowed && bytes.length <= LIVE_BYTES ? observedAt.getTime() / 1000 : Number.NaN;
}

export async function planLogAppend(cursor: FileCursor, input: AppendInput): Promise<AppendPlan> {
  const { bytes } = input;
  const scalars: LogScalar[] = [];
  let state = stateOf(cursor.parserState);
  const parse = (slice: Uint8Array, offset: number) => {
    const parsed = parseTrainLog(state, { bytes: slice, offset });
    state = parsed.state;
    for (const scalar of parsed.scalars) scalars.push(scalar);
  };
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    if (at > 0) await nextTurn();
    parse(bytes.subarray(at, at + SLICE_BYTES), cursor.offset + at);
  }
  const offset = cursor.offset + bytes.length;
  if (input.isComplete || state === null) parse(Buffer.from(input.isComplete ? "\n" : ""), offset);
  // Safe because parse has just set it.
  const after = state as unknown as TrainLogState;
  const groups = groupScalars(scalars, wallTimeOf(cursor, input));
  return {
    offset,
    corruptRecords: cursor.corruptRecords,
    parserState: { version: STATE_VERSION, log: after } satisfies z.infer<typeof Stored>,
    evidence: after.evidence.evidence,
    write: async (client) => {
      await insertChunks(client, cursor, bytes);
      const target = { attemptId: cursor.attemptId, fileId: cursor.fileId, source: "log" as const };
      return {
        scalarCount: await insertScalars(client, target, groups),
        progress: { stepsDone: stepsDone(after), stepsTotal: stepsTotal(after) },
        answersChanged: false,
      };
    },
  };
}

async function insertChunks(client: pg.PoolClient, cursor: FileCursor, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = bytes.subarray(at, at + CHUNK_BYTES);
    await client.query('INSERT INTO log_chunk (file_id, "offset", bytes, lines) VALUES ($1, $2, $3, $4)', [
      cursor.fileId,
      cursor.offset + at,
      chunk,
      countNewlines(chunk),
    ]);
  }
}

function countNewlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
