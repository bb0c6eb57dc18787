import { createHash, randomUUID } from "node:crypto";
import type pg from "pg";
import { type Database, inTransaction } from "../db";
import { holdLease, type NodeLease } from "../nodes/lease";
import { CURSOR_COLUMNS, type CursorRow, cursorOf, type FileCursor, type FileKind } from "./file-cursor";

export interface SeenFile {
  attemptId: string;
  path: string;
  kind: FileKind;
  /** device:inode */
  identity: string;
  /** The first bytes, at most 4,096; fewer only when the file is shorter. */
  head: Buffer;
  size: number;
}

const HEAD_BYTES = 4096;

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Is this still the file that we have been reading? */
function isSameGeneration(row: CursorRow, seen: SeenFile): boolean {
  if (row.identity !== seen.identity || seen.size < row.offset) return false;
  if (row.headHash === null) return true;
  return seen.head.length >= row.headLength && hashOf(seen.head.subarray(0, row.headLength)) === row.headHash;
}

/**
 * The cursor to go on from: of the newest generation when the node still shows that file, else of a new generation
 * (the file was replaced, rewritten or truncated; the old generation stays as it is).
 * @throws AppError CONFLICT when the lease is no longer ours
 */
export async function openFile(db: Database, lease: NodeLease, seen: SeenFile): Promise<FileCursor> {
  const head = seen.head.subarray(0, HEAD_BYTES);
  return inTransaction(db.pool, async (client) => {
    await holdLease(client, lease);
    // One opener at a time, so that two do not both make the next generation.
    await client.query("SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))", [
      seen.attemptId,
      seen.path,
    ]);
    const newest = await newestGeneration(client, seen);
    if (newest && isSameGeneration(newest, { ...seen, head }))
      return updateHead(client, newest, { ...seen, head });
    return insertGeneration(client, { ...seen, head }, newest ? newest.generation + 1 : 0);
  });
}

async function newestGeneration(client: pg.PoolClient, seen: SeenFile): Promise<CursorRow | undefined> {
  const { rows } = await client.query<CursorRow>(
    `SELECT ${CURSOR_COLUMNS} FROM node_file WHERE "attemptId" = $1 AND path = $2 ORDER BY generation DESC LIMIT 1`,
    [seen.attemptId, seen.path],
  );
  return rows[0];
}

async function updateHead(client: pg.PoolClient, row: CursorRow, seen: SeenFile): Promise<FileCursor> {
  const hasLongerHead = seen.head.length > row.headLength;
  if (!hasLongerHead && seen.size <= row.size) return cursorOf(row);
  const { rows } = await client.query<CursorRow>(
    `UPDATE node_file SET "headHash" = $2, "headLength" = $3, size = greatest(size, $4), "updatedAt" = now()
     WHERE id = $1 RETURNING ${CURSOR_COLUMNS}`,
    [
      row.id,
      hasLongerHead ? hashOf(seen.head) : row.headHash,
      hasLongerHead ? seen.head.length : row.headLength,
      seen.size,
    ],
  );
  return cursorOf(rows[0] ?? row);
}

async function insertGeneration(
  client: pg.PoolClient,
  seen: SeenFile,
  generation: number,
): Promise<FileCursor> {
  const isEmpty = seen.head.length === 0;
  const { rows } = await client.query<CursorRow>(
    `INSERT INTO node_file (id, "attemptId", path, kind, generation, identity, "headHash", "headLength", size, "updatedAt")
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now()) RETURNING ${CURSOR_COLUMNS}`,
    [
      randomUUID(),
      seen.attemptId,
      seen.path,
      seen.kind,
      generation,
      seen.identity,
      isEmpty ? null : hashOf(seen.head),
      seen.head.length,
      seen.size,
    ],
  );
  return cursorOf(rows[0] as CursorRow);
}
