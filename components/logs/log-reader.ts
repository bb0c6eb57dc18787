import { type ApiError, toApiError } from "@/components/hooks/api-error";
import type { FileHint } from "@/server/contracts/sockets";
import { createLogBuffer, cutFirstLine, type LogBuffer } from "./log-buffer";
import { type LogChunk, type LogRange, readLog } from "./read-log";

export interface LogState {
  phase: "loading" | "ready" | "empty" | "error";
  buffer: LogBuffer | null;
  generation: number | null;
  /** Bytes that have arrived in Postgres. */
  size: number;
  isComplete: boolean;
  error: ApiError | null;
  /** Lines put in front by the last change: the view moves down by as many. */
  prepended: number;
  version: number;
}

const TAIL_BYTES = 131_072;
const TAIL: LogRange = { offset: -TAIL_BYTES, length: TAIL_BYTES };
const RANGE_BYTES = 262_144;
/** Bytes before a match, so that it is read in its surroundings. */
const BEFORE_MATCH_BYTES = 65_536;

/** Reads one attempt's log by ranges: the tail first, older and newer on demand, one question at a time. */
export function createLogReader(attemptId: string, read: typeof readLog = readLog) {
  let state: LogState = {
    phase: "loading",
    buffer: null,
    generation: null,
    size: 0,
    isComplete: false,
    error: null,
    prepended: 0,
    version: 0,
  };
  const listeners = new Set<() => void>();
  let queue: Promise<void> = Promise.resolve();
  let asked = new AbortController();

  function set(next: Partial<LogState>): void {
    state = { ...state, prepended: 0, ...next, version: state.version + 1 };
    for (const listener of listeners) listener();
  }

  /** One after the other: two ranges that cross would tear the buffer. */
  function enqueue(work: () => Promise<void>): Promise<void> {
    const { signal } = asked;
    queue = queue.then(work).catch((error: unknown) => {
      if (signal.aborted) return;
      const problem = toApiError(error);
      if (problem.code === "NOT_FOUND") set({ phase: "empty" });
      else set({ phase: state.buffer ? "ready" : "error", error: problem });
    });
    return queue;
  }

  const ask = (range: LogRange) => read(attemptId, range, asked.signal);

  async function open(range: LogRange): Promise<void> {
    const chunk = await ask(range);
    const { bytes, cut } = cutFirstLine(chunk.bytes, chunk.offset === 0);
    const isEmpty = chunk.size === 0;
    const buffer = isEmpty ? null : createLogBuffer(chunk.offset + cut, bytes);
    set({ ...arrived(chunk), phase: isEmpty ? "empty" : "ready", buffer, error: null });
  }

  async function newer(): Promise<void> {
    const { buffer, generation } = state;
    if (!buffer || generation === null) return open(TAIL);
    const chunk = await ask({ generation, offset: buffer.end(), length: RANGE_BYTES });
    buffer.append(chunk.bytes);
    set({ ...arrived(chunk), error: null });
  }

  /** To the end: one range, and where that does not reach it the tail alone, however much lies between. */
  async function follow(): Promise<void> {
    const { buffer, generation } = state;
    if (!buffer || generation === null) return open(TAIL);
    // Of the newest generation: the file may have been replaced meanwhile.
    const chunk = await ask({ offset: buffer.end(), length: RANGE_BYTES });
    const isSame = chunk.generation === generation && chunk.offset === buffer.end();
    if (!isSame || chunk.offset + chunk.bytes.length < chunk.size) return open(TAIL);
    buffer.append(chunk.bytes);
    set({ ...arrived(chunk), error: null });
  }

  /** Takes the bytes that came with the hint when they go on where ours end; asks for them otherwise. */
  async function take({ generation, offset, isComplete, tail }: FileHint): Promise<void> {
    const { buffer } = state;
    if (!tail || generation !== state.generation || tail.offset !== buffer?.end()) return follow();
    buffer.append(tail.bytes);
    set({ size: offset, isComplete, error: null });
  }

  async function older(): Promise<void> {
    const { buffer, generation } = state;
    if (!buffer || generation === null || buffer.start() === 0) return;
    const offset = Math.max(0, buffer.start() - RANGE_BYTES);
    const chunk = await ask({ generation, offset, length: buffer.start() - offset });
    const { bytes } = cutFirstLine(chunk.bytes, offset === 0);
    set({ ...arrived(chunk), prepended: buffer.prepend(bytes), error: null });
  }

  return {
    state: (): LogState => state,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    openTail: () => enqueue(() => open(TAIL)),
    openAt: (offset: number) =>
      enqueue(() => open({ offset: Math.max(0, offset - BEFORE_MATCH_BYTES), length: RANGE_BYTES })),
    older: () => enqueue(older),
    newer: () => enqueue(newer),
    follow: () => enqueue(follow),
    /** After a sleep: a question from before it may never be answered, and everything waits behind it. */
    giveUp(): void {
      asked.abort();
      asked = new AbortController();
    },
    take: (hint: FileHint) => enqueue(() => take(hint)),
  };
}
export type LogReader = ReturnType<typeof createLogReader>;

function arrived(chunk: LogChunk): Pick<LogState, "generation" | "size" | "isComplete"> {
  return { generation: chunk.generation, size: chunk.size, isComplete: chunk.isComplete };
}
