import type { Context } from "../context";
import { findLog } from "./find-log";
import { readRange } from "./read-range";

const PAGE_BYTES = 1_048_576;

export interface LogStream {
  generation: number;
  /** What the stream will yield: the bytes that had arrived when it began. */
  size: number;
  isComplete: boolean;
  /** Byte for byte what is on the node. One page in memory at a time. */
  bytes: AsyncIterable<Buffer>;
}

/**
 * An attempt's whole log for a download.
 * @throws AppError NOT_FOUND (no such attempt, no such generation)
 */
export async function streamLog({
  ctx,
  input,
}: {
  ctx: Context;
  input: { attemptId: string; generation?: number };
}): Promise<LogStream> {
  const log = await findLog(ctx, input.attemptId, input.generation);
  const { fileId, generation, size, isComplete } = log ?? {
    fileId: "",
    generation: 0,
    size: 0,
    isComplete: false,
  };
  return { generation, size, isComplete, bytes: pagesOf(ctx, { fileId, size }) };
}

/** Also the way to read a whole log inside the server. */
export async function* pagesOf(ctx: Context, log: { fileId: string; size: number }): AsyncGenerator<Buffer> {
  for (let start = 0; start < log.size; start += PAGE_BYTES) {
    const end = Math.min(log.size, start + PAGE_BYTES);
    yield await readRange(ctx.db.pool, log.fileId, { start, end });
  }
}
