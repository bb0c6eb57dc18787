import type { Context } from "../context";
import { LogQuery } from "../contracts/attempts";
import { findLog } from "./find-log";
import { readRange } from "./read-range";

export interface LogSlice {
  bytes: Buffer;
  generation: number;
  /** Where `bytes` starts. */
  offset: number;
  /** Bytes that have arrived. */
  size: number;
  isComplete: boolean;
}

/**
 * Raw bytes [offset, offset + length) of an attempt's log; a negative offset counts from the end. An attempt without a
 * log yet has an empty one.
 * @throws AppError NOT_FOUND (no such attempt, no such generation)
 */
export async function readLog({
  ctx,
  input,
}: {
  ctx: Context;
  input: { attemptId: string } & Partial<LogQuery>;
}): Promise<LogSlice> {
  const query = LogQuery.parse(input);
  const log = await findLog(ctx, input.attemptId, query.generation);
  if (log === null) return { bytes: Buffer.alloc(0), generation: 0, offset: 0, size: 0, isComplete: false };
  const { fileId, generation, size, isComplete } = log;
  const offset = Math.min(size, Math.max(0, query.offset < 0 ? size + query.offset : query.offset));
  const end = Math.min(size, offset + query.length);
  const bytes = await readRange(ctx.db.pool, fileId, { start: offset, end });
  return { bytes, generation, offset, size, isComplete };
}
