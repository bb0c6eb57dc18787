import type { Context } from "../context";
import { AppError } from "../errors";

export interface LogFile {
  fileId: string;
  generation: number;
  /** Bytes that have arrived. */
  size: number;
  isComplete: boolean;
}

/**
 * An attempt's log: the newest generation that has bytes, or the one asked for. null: the attempt has none yet.
 * @throws AppError NOT_FOUND (no such attempt, no such generation)
 */
export async function findLog(ctx: Context, attemptId: string, generation?: number): Promise<LogFile | null> {
  const { rows } = await ctx.db.pool.query<LogFile | { fileId: null }>(
    `SELECT f.id AS "fileId", f.generation, f."offset"::float8 AS size, f."isComplete"
     FROM attempt a LEFT JOIN node_file f ON f."attemptId" = a.id AND f.kind = 'log'
       AND ($2::int IS NULL OR f.generation = $2)
     WHERE a.id = $1 ORDER BY f.path <> 'training.log', f.path, f."offset" = 0, f.generation DESC LIMIT 1`,
    [attemptId, generation ?? null],
  );
  const row = rows[0];
  if (row === undefined) throw new AppError("NOT_FOUND", "There is no such attempt.");
  if (row.fileId !== null) return row;
  if (generation !== undefined) throw new AppError("NOT_FOUND", `The log has no generation ${generation}.`);
  return null;
}
