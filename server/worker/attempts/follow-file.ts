import type { LogTail } from "../../contracts/sockets";
import type { Database } from "../../db";
import {
  type AppendResult,
  appendBytes,
  evidenceOf,
  type FileCursor,
  findMovedFile,
  openFile,
} from "../../logs";
import type { NodeLease } from "../../nodes/lease";
import type { NodeConnection, RemoteFileHandle } from "../ssh";
import { CHUNK_BYTES } from "./chunk-memory";
import { ReadAhead } from "./read-ahead";

/** A file of an attempt on its node. */
export interface FollowTarget {
  attemptId: string;
  /** Name in Postgres: below the attempt's or the output directory. */
  path: string;
  absolutePath: string;
  kind: "log" | "events" | "answers";
  /** device:inode, as the newest probe saw it. */
  identity: string;
  /** As the newest probe saw it. */
  size: number;
  /** A log that was moved aside, or copied before it was emptied: read as far as it is an earlier part of this one. */
  isAside: boolean;
}

/** What following one file remembers between rounds. Lost with the connection; Postgres knows where to go on. */
export interface FollowState {
  handle: RemoteFileHandle | null;
  /** Of a log that has more: what is read while the chunk before is being stored. */
  ahead: ReadAhead | null;
  /** Of the file behind `handle`. */
  identity: string | null;
  cursor: FileCursor | null;
  /** The first bytes when the cursor was opened: other ones mean that the file was rewritten in place. */
  head: Buffer;
  /** performance.now() of when they were looked at last. */
  checkedAt: number;
  /** Size when everything was read last; the same twice after the attempt's end means complete. */
  drainedSize: number | null;
  /** What a log has said so far about how the training goes and ends. */
  evidence: AppendResult["evidence"] | null;
  progress: AppendResult["progress"];
  /** Complete, in Postgres too; nothing is read any more. */
  isDone: boolean;
}

export interface FollowStep {
  /** The cursor moved, or the file became complete. */
  hasChanged: boolean;
  scalarCount: number;
  answersChanged: boolean;
  /** What a log grew by, if it grew once and by little. */
  tail: LogTail | null;
  /** The deadline came first. */
  hasMore: boolean;
}

export interface FollowOptions {
  db: Database;
  lease: NodeLease;
  connection: NodeConnection;
  target: FollowTarget;
  state: FollowState;
  /** The attempt has its `exit`: nothing writes any more, and the file can be completed. */
  hasEnded: boolean;
  /** performance.now() at which this round's reading ends. */
  deadline: number;
  now: () => Date;
}

const HEAD_BYTES = 4096;
/** More goes to nobody unasked: 200 viewers at four looks a second would be sent 13 MB a second. */
const MAX_TAIL_BYTES = 16_384;
/** A record or line longer than a chunk is read with more; past this it has to wait for its end for ever. */
const MAX_CHUNK_BYTES = 64 * 1024 * 1024;
/** How soon a file that has not grown is looked at for other content. */
const HEAD_CHECK_MS = 2_000;
const EMPTY = Buffer.alloc(0);

export function createFollowState(): FollowState {
  return {
    handle: null,
    ahead: null,
    identity: null,
    cursor: null,
    head: EMPTY,
    checkedAt: Number.NEGATIVE_INFINITY,
    drainedSize: null,
    evidence: null,
    progress: null,
    isDone: false,
  };
}

/**
 * Brings Postgres up to the file's size: bytes from the cursor on, at most 2 MiB a transaction, each moving the cursor by
 * compare-and-set. A replaced, truncated or rewritten file becomes a new generation.
 * After the end: complete once the size was the same in two rounds.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT, NOT_FOUND (the file is gone), CONFLICT (the lease is)
 */
export async function followFile(options: FollowOptions): Promise<FollowStep> {
  const { state } = options;
  const step: FollowStep = {
    hasChanged: false,
    scalarCount: 0,
    answersChanged: false,
    tail: null,
    hasMore: false,
  };
  if (state.isDone || isSettledAside(options)) return step;
  try {
    const size = await prepare(options);
    if (state.cursor === null) {
      // An aside that is no part of this log.
      await closeFollow(state);
      state.drainedSize = size;
      state.isDone = options.hasEnded;
      return step;
    }
    if (state.cursor?.isComplete) {
      await finish(state, state.cursor);
      return step;
    }
    const isDrained = await drain(options, size, step);
    if (!isDrained) return { ...step, hasMore: true };
    if (options.hasEnded && state.drainedSize === size) await complete(options, size, step);
    state.drainedSize = size;
    return step;
  } catch (error) {
    await forget(state);
    throw error;
  }
}

export async function closeFollow(state: FollowState): Promise<void> {
  const { handle } = state;
  state.handle = null;
  dropAhead(state);
  // The channel may be gone already, and the handle with it.
  await handle?.close().catch(() => {});
}

function dropAhead(state: FollowState): void {
  state.ahead?.close();
  state.ahead = null;
}

async function forget(state: FollowState): Promise<void> {
  await closeFollow(state);
  state.cursor = null;
  state.drainedSize = null;
}

/** Nobody writes to it any more, and it costs no look. */
function isSettledAside({ target, state, hasEnded }: FollowOptions): boolean {
  return (
    target.isAside && !hasEnded && state.identity === target.identity && state.drainedSize === target.size
  );
}

/** Opens what is not open and makes sure that the cursor belongs to the file as it is now. Returns its size. */
async function prepare(options: FollowOptions): Promise<number> {
  const { state, target, connection } = options;
  if (state.handle !== null && state.identity !== target.identity) await forget(state);
  if (state.handle === null) {
    state.handle = await connection.files.open(target.absolutePath);
    state.identity = target.identity;
  }
  const size = await state.handle.size();
  const isDue = options.hasEnded || performance.now() - state.checkedAt >= HEAD_CHECK_MS;
  if (state.cursor !== null && size === state.cursor.offset && !isDue) return size;
  const head = await state.handle.read(0, Math.min(HEAD_BYTES, size));
  const isSame = state.cursor !== null && size >= state.cursor.offset && head.equals(state.head);
  if (!isSame) {
    const { attemptId, path, kind, identity } = target;
    const { handle } = state;
    const read = (offset: number, length: number) => handle.read(offset, length);
    const seen = { attemptId, path, kind, identity, head, size, read };
    state.cursor = target.isAside
      ? await findMovedFile(options.db, seen)
      : await openFile(options.db, options.lease, seen);
    dropAhead(state);
    state.drainedSize = null;
  }
  state.head = head;
  state.checkedAt = performance.now();
  return size;
}

/** Reads up to `size`. false: stopped before. A log's next chunks are on their way while one is being stored. */
async function drain(options: FollowOptions, size: number, step: FollowStep): Promise<boolean> {
  const { state, target } = options;
  let chunkBytes = CHUNK_BYTES;
  while (state.cursor !== null && state.handle !== null && state.cursor.offset < size) {
    if (performance.now() > options.deadline) return false;
    const { offset } = state.cursor;
    if (target.kind === "log") state.ahead ??= new ReadAhead(state.handle);
    const bytes =
      (await state.ahead?.take(offset, size)) ??
      (await state.handle.read(offset, Math.min(chunkBytes, size - offset)));
    const end = offset + bytes.length;
    // Truncated meanwhile; the next round sees the size.
    if (bytes.length === 0) return false;
    const result = await append(options, { bytes, size, isComplete: false });
    if (result === null) return false;
    const isOnly = !step.hasChanged && target.kind === "log" && bytes.length <= MAX_TAIL_BYTES;
    step.tail = isOnly && result.cursor.offset === end ? { offset, bytes: Buffer.from(bytes) } : null;
    count(step, result, result.cursor.offset > offset);
    if (result.cursor.offset < end && end >= size) return true;
    if (result.cursor.offset === offset) {
      if (chunkBytes >= MAX_CHUNK_BYTES) return true;
      chunkBytes *= 2;
    }
  }
  dropAhead(state);
  return state.cursor !== null;
}

/** The last word on a file. Its unfinished tail (half a record, a line without its end) comes along once more. */
async function complete(options: FollowOptions, size: number, step: FollowStep): Promise<void> {
  const { state } = options;
  if (state.cursor === null || state.handle === null) return;
  // A copy says where it ends, not where the log does.
  if (options.target.isAside && state.cursor.identity !== options.target.identity) {
    state.isDone = true;
    return closeFollow(state);
  }
  const tail = Math.min(size - state.cursor.offset, MAX_CHUNK_BYTES);
  const bytes = tail > 0 ? await state.handle.read(state.cursor.offset, tail) : EMPTY;
  const result = await append(options, { bytes, size, isComplete: true });
  if (result === null) return;
  count(step, result, true);
  await finish(state, result.cursor);
}

/** Also of a file that was completed before, by a process that is gone. */
async function finish(state: FollowState, cursor: FileCursor): Promise<void> {
  if (cursor.kind === "log") state.evidence ??= await evidenceOf(cursor);
  state.isDone = true;
  await closeFollow(state);
}

/** null: the cursor was moved by somebody else, so that ours is void. */
async function append(
  options: FollowOptions,
  chunk: { bytes: Buffer; size: number; isComplete: boolean },
): Promise<AppendResult | null> {
  const { state, db, lease } = options;
  if (state.cursor === null) return null;
  const result = await appendBytes(db, lease, state.cursor, { ...chunk, observedAt: options.now() });
  state.cursor = result?.cursor ?? null;
  state.evidence = result?.evidence ?? null;
  state.progress = result?.progress ?? state.progress;
  return result;
}

function count(step: FollowStep, result: AppendResult, hasMoved: boolean): void {
  step.hasChanged ||= hasMoved;
  step.scalarCount += result.scalarCount;
  step.answersChanged ||= result.answersChanged;
}
