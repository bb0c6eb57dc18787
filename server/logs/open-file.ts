import { createHash, randomUUID } from "node:crypto";
import type pg from "pg";
import { type Database, inTransaction } from "../db";
import { holdLease, type NodeLease } from "../nodes/lease";
import { CURSOR_COLUMNS, type CursorRow, cursorOf, type FileCursor, type FileKind } from "./file-cursor";
import { readRange } from "./read-range";

export interface SeenFile {
  attemptId: string;
  path: string;
  kind: FileKind;
  /** device:inode */
  identity: string;
  /** The first bytes, at most 4,096; fewer only when the file is shorter. */
  head: Buffer;
  size: number;
  /** Bytes of the file on the node. */
  read: (offset: number, length: number) => Promise<Buffer>;
}

const HEAD_BYTES = 4096;
const TAIL_BYTES = 4096;

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Does the file on the node go on from these bytes? A name says little: between a look and the next the file may have been
 * moved, copied or replaced, and an inode is used again. So the first bytes count, and where the inode is another one also
 * the last ones before the offset.
 */
async function isContinued(db: Database, row: CursorRow, seen: SeenFile): Promise<boolean> {
  if (seen.size < row.offset) return false;
  const head = seen.head.subarray(0, row.headLength);
  if (row.headHash !== null && hashOf(head) !== row.headHash) return false;
  if (row.identity === seen.identity || row.offset <= row.headLength) return true;
  if (row.kind !== "log") return false;
  const start = Math.max(0, row.offset - TAIL_BYTES);
  const [stored, found] = await Promise.all([
    readRange(db.pool, row.id, { start, end: row.offset }),
    seen.read(start, row.offset - start),
  ]);
  return stored.equals(found);
}

/**
 * The cursor to go on from: of the newest generation when the node still shows that file, else of a new generation
 * (the file was replaced, rewritten or truncated; the old generation stays as it is).
 * @throws AppError CONFLICT when the lease is no longer ours
 */
export async function openFile(db: Database, lease: NodeLease, seen: SeenFile): Promise<FileCursor> {
  const file = { ...seen, head: seen.head.subarray(0, HEAD_BYTES) };
  for (;;) {
    const [newest] = await generationsOf(db.pool, file);
    const isSame = newest !== undefined && (await isContinued(db, newest, file));
    const cursor = await inTransaction(db.pool, async (client) => {
      await holdLease(client, lease);
      // One opener at a time, so that two do not both make the next generation.
      await client.query("SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))", [
        file.attemptId,
        file.path,
      ]);
      const [now] = await generationsOf(client, file);
      if (now?.id !== newest?.id || now?.offset !== newest?.offset) return null;
      if (now !== undefined && isSame) return updateHead(client, now, file);
      return insertGeneration(client, file, now === undefined ? 0 : now.generation + 1);
    });
    if (cursor !== null) return cursor;
  }
}

/**
 * The cursor of the generation that this file, moved aside or copied before the log was emptied, goes on from.
 * null: none does, so it is no earlier part of this log.
 */
export async function findMovedFile(db: Database, seen: SeenFile): Promise<FileCursor | null> {
  const file = { ...seen, head: seen.head.subarray(0, HEAD_BYTES) };
  const generations = await generationsOf(db.pool, file);
  const isItself = ({ identity }: CursorRow) => identity === file.identity;
  for (const row of [...generations.filter(isItself), ...generations]) {
    if (row.headHash !== null && (await isContinued(db, row, file))) return cursorOf(row);
  }
  return null;
}

/** Newest first. */
async function generationsOf(client: pg.Pool | pg.PoolClient, seen: SeenFile): Promise<CursorRow[]> {
  const { rows } = await client.query<CursorRow>(
    `SELECT ${CURSOR_COLUMNS} FROM node_file WHERE "attemptId" = $1 AND path = $2 ORDER BY generation DESC`,
    [seen.attemptId, seen.path],
  );
  return rows;
}

async function updateHead(client: pg.PoolClient, row: CursorRow, seen: SeenFile): Promise<FileCursor> {
  const hasLongerHead = seen.head.length > row.headLength;
  const isMoved = seen.identity !== row.identity;
  if (!hasLongerHead && !isMoved && seen.size <= row.size) return cursorOf(row);
  const { rows } = await client.query<CursorRow>(
    `UPDATE node_file SET "headHash" = $2, "headLength" = $3, size = greatest(size, $4), identity = $5,
       "updatedAt" = now() WHERE id = $1 RETURNING ${CURSOR_COLUMNS}`,
    [
      row.id,
      hasLongerHead ? hashOf(seen.head) : row.headHash,
      hasLongerHead ? seen.head.length : row.headLength,
      seen.size,
      seen.identity,
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
