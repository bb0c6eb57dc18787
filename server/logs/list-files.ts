import type { Context } from "../context";
import type { NodeFileView } from "../contracts/attempts";
import type { Database } from "../db";
import { CURSOR_COLUMNS, type CursorRow, cursorOf, type FileCursor } from "./file-cursor";

/** Cursors of an attempt's files, the newest generation of each. */
export async function listFiles(db: Database, attemptId: string): Promise<FileCursor[]> {
  const { rows } = await db.pool.query<CursorRow>(
    `SELECT DISTINCT ON (path) ${CURSOR_COLUMNS} FROM node_file WHERE "attemptId" = $1 ORDER BY path, generation DESC`,
    [attemptId],
  );
  return rows.map(cursorOf);
}

/** All followed files of an attempt with every generation, the log first. */
export async function listLogFiles({
  ctx,
  input,
}: {
  ctx: Context;
  input: { attemptId: string };
}): Promise<NodeFileView[]> {
  const { rows } = await ctx.db.pool.query<CursorRow & { createdAt: Date }>(
    `SELECT ${CURSOR_COLUMNS}, "createdAt" FROM node_file WHERE "attemptId" = $1 ORDER BY kind <> 'log', path, generation`,
    [input.attemptId],
  );
  return rows.map(
    ({ id, attemptId, path, kind, generation, offset, size, corruptRecords, isComplete, createdAt }) => ({
      id,
      attemptId,
      path,
      kind,
      generation,
      offset,
      size,
      corruptRecords,
      isComplete,
      createdAt: createdAt.toISOString(),
    }),
  );
}
