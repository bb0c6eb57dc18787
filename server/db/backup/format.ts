import { z } from "zod";

/**
 * A backup is one gzip stream of frames: one byte of kind, four bytes of length (big endian), the payload. First the
 * header, then for each table its name and columns, its rows as PostgreSQL's binary COPY gives them, and its end; at last
 * the end of the whole, with the SHA-256 of all frames before it.
 */
export const FRAME = { header: 1, table: 2, rows: 3, tableEnd: 4, end: 5 } as const;
export const FRAME_HEAD_BYTES = 5;
/** COPY hands out a row's worth or a socket's worth; nothing of ours is longer. */
export const MAX_FRAME_BYTES = 256 * 1024 * 1024;

export const BackupHeader = z.object({
  format: z.literal("trainyard-backup"),
  version: z.literal(1),
  createdAt: z.iso.datetime(),
  /** Of the PostgreSQL server that it was taken from. */
  serverVersion: z.string(),
  /** Names of the applied migrations, in order: the tables are made by exactly these. */
  migrations: z.array(z.string()).min(1),
  /** As of the snapshot or later, so that no number is given twice. */
  sequences: z.array(z.object({ name: z.string(), value: z.string().regex(/^\d+$/), isCalled: z.boolean() })),
  /** The key ring's file, where it was asked for. */
  keyRing: z.string().nullable(),
});
export type BackupHeader = z.infer<typeof BackupHeader>;

export const TableHead = z.object({ name: z.string(), columns: z.array(z.string()).min(1) });
export const TableEnd = z.object({ rows: z.number().int().min(0) });
export const BackupEnd = z.object({ tables: z.number().int(), sha256: z.string() });
export type TableHead = z.infer<typeof TableHead>;

export function encodeFrame(kind: number, payload: Buffer | object): Buffer[] {
  const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head.writeUInt8(kind, 0);
  head.writeUInt32BE(bytes.length, 1);
  return [head, bytes];
}
