import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { link, mkdir, open, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { connectServer } from "../connect-server";
import { type BackupHeader, encodeFrame, FRAME } from "./format";
import { readTables, type Table } from "./read-tables";

export interface WrittenBackup {
  tables: number;
  rows: number;
  /** Of the file. */
  sizeBytes: number;
}

export interface WriteBackupOptions {
  url: string;
  /** Must not exist yet. */
  file: string;
  now: Date;
  /** The key ring's content, to be part of the file; null: it is not. */
  keyRing: string | null;
}

/**
 * Writes all tables as of one moment, while everything else goes on. The file (0600) has its name only once it is whole
 * and on disk.
 * @throws Error with words for people: no server, not ours, file exists, disk full
 */
export async function writeBackup(options: WriteBackupOptions): Promise<WrittenBackup> {
  const { url, file } = options;
  const client = await connectServer(url);
  const part = `${file}.${process.pid}.part`;
  try {
    // One snapshot for all tables, whatever is written meanwhile.
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    const header = await readHeader(client, options);
    const tables = await readTables(client);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const counted = { rows: 0 };
    const frames = Readable.from(framesOf(client, { header, tables, counted }), { objectMode: false });
    // Most of it are logs and numbers; level 1 is several times faster than 6 and hardly larger.
    await pipeline(frames, createGzip({ level: 1 }), createWriteStream(part, { mode: 0o600, flags: "wx" }));
    await client.query("COMMIT");
    await makeDurable(part);
    // link(2) and not rename: an older backup of that name is not replaced.
    await link(part, file);
    return { tables: tables.length, rows: counted.rows, sizeBytes: (await stat(file)).size };
  } catch (cause) {
    throw wordsFor(cause, file);
  } finally {
    await client.end();
    await rm(part, { force: true });
  }
}

async function makeDurable(file: string): Promise<void> {
  const handle = await open(file, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readHeader(client: pg.Client, options: WriteBackupOptions): Promise<BackupHeader> {
  const { rows: known } = await client.query("SELECT to_regclass('_prisma_migrations') AS name");
  if (known[0]?.name === null)
    throw new Error(
      `The database ${client.database} holds nothing of Trainyard: there is nothing to back up.`,
    );
  const { rows: migrations } = await client.query<{ name: string }>(
    `SELECT migration_name AS name FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  );
  const { rows: sequences } = await client.query<BackupHeader["sequences"][number]>(
    `SELECT sequencename AS name, coalesce(last_value, start_value)::text AS value, last_value IS NOT NULL AS "isCalled"
     FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1`,
  );
  const { rows: server } = await client.query<{ version: string }>(
    "SELECT current_setting('server_version') AS version",
  );
  return {
    format: "trainyard-backup",
    version: 1,
    createdAt: options.now.toISOString(),
    serverVersion: server[0]?.version ?? "unknown",
    migrations: migrations.map(({ name }) => name),
    sequences,
    keyRing: options.keyRing,
  };
}

async function* framesOf(
  client: pg.Client,
  backup: { header: BackupHeader; tables: Table[]; counted: { rows: number } },
): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  for await (const piece of bodyOf(client, backup)) {
    hash.update(piece);
    yield piece;
  }
  yield* encodeFrame(FRAME.end, { tables: backup.tables.length, sha256: hash.digest("hex") });
}

async function* bodyOf(
  client: pg.Client,
  { header, tables, counted }: { header: BackupHeader; tables: Table[]; counted: { rows: number } },
): AsyncGenerator<Buffer> {
  yield* encodeFrame(FRAME.header, header);
  for (const { name, columns } of tables) {
    yield* encodeFrame(FRAME.table, { name, columns });
    const names = columns.map((column) => pg.escapeIdentifier(column)).join(", ");
    const rows = client.query(
      copyTo(`COPY ${pg.escapeIdentifier(name)} (${names}) TO STDOUT (FORMAT binary)`),
    );
    for await (const bytes of rows) yield* encodeFrame(FRAME.rows, bytes as Buffer);
    counted.rows += rows.rowCount;
    yield* encodeFrame(FRAME.tableEnd, { rows: rows.rowCount });
  }
}

function wordsFor(cause: unknown, file: string): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const reasons: Record<string, string> = {
    EEXIST: `${file} exists already. Choose another name.`,
    ENOSPC: `The disk of ${file} is full; nothing was left there.`,
    EACCES: `This user may not write ${file}.`,
  };
  const reason = reasons[code];
  return reason === undefined ? cause : new Error(reason, { cause });
}
