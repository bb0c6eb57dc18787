import type pg from "pg";

interface Chunk {
  offset: number;
  bytes: Buffer;
}

/** Stored pieces that overlap [start, end), in order. */
async function chunksOf(
  pool: pg.Pool,
  fileId: string,
  range: { start: number; end: number },
): Promise<Chunk[]> {
  const { rows } = await pool.query<Chunk>(
    `SELECT "offset"::float8 AS offset, bytes FROM log_chunk
     WHERE file_id = $1 AND "offset" < $3 AND "offset" >= coalesce(
       (SELECT max("offset") FROM log_chunk WHERE file_id = $1 AND "offset" <= $2), 0)
     ORDER BY log_chunk."offset"`,
    [fileId, range.start, range.end],
  );
  return rows;
}

/** Bytes [start, end) of a stored log, fewer when fewer have arrived. */
export async function readRange(
  pool: pg.Pool,
  fileId: string,
  range: { start: number; end: number },
): Promise<Buffer> {
  if (range.end <= range.start) return Buffer.alloc(0);
  const chunks = await chunksOf(pool, fileId, range);
  const parts = chunks.map(({ offset, bytes }) =>
    bytes.subarray(
      Math.max(0, range.start - offset),
      Math.max(0, Math.min(bytes.length, range.end - offset)),
    ),
  );
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}
