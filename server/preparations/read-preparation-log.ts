import type { Context } from "../context";
import { PreparationLogQuery } from "../contracts/preparation";

export interface PreparationLogSlice {
  bytes: Buffer;
  /** Where `bytes` starts. */
  offset: number;
  /** Bytes that have arrived. */
  size: number;
  isComplete: boolean;
}

const POSITION = `SELECT "jobId", "logSize", "isLogComplete" FROM node_preparation WHERE "nodeId" = $1`;
const CHUNKS = `SELECT "offset", bytes FROM preparation_log
  WHERE job_id = $1 AND "offset" < $3 AND "offset" + length(bytes) > $2 ORDER BY "offset"`;

/** Bytes [offset, offset + length) of the newest job's log; a negative offset counts from the end. */
export async function readPreparationLog({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string; offset?: number; length?: number };
}): Promise<PreparationLogSlice> {
  const query = PreparationLogQuery.parse(input);
  const found = await ctx.db.pool.query<{ jobId: string; logSize: string; isLogComplete: boolean }>(
    POSITION,
    [input.id],
  );
  const row = found.rows[0];
  if (row === undefined) return { bytes: Buffer.alloc(0), offset: 0, size: 0, isComplete: false };
  const size = Number(row.logSize);
  const offset = Math.min(size, Math.max(0, query.offset < 0 ? size + query.offset : query.offset));
  const end = Math.min(size, offset + query.length);
  const { rows } = await ctx.db.pool.query<{ offset: string; bytes: Buffer }>(CHUNKS, [
    row.jobId,
    offset,
    end,
  ]);
  const first = Number(rows[0]?.offset ?? offset);
  const bytes = Buffer.concat(rows.map((chunk) => chunk.bytes)).subarray(offset - first, end - first);
  return { bytes, offset, size, isComplete: row.isLogComplete };
}
