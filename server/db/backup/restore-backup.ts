import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { connectServer } from "../connect-server";
import { migrate } from "../migrations";
import { type BackupHeader, FRAME, TableEnd, TableHead } from "./format";
import { type Frame, parsePayload, readFrames, verifyBackup } from "./read-frames";

export interface RestoreOptions {
  url: string;
  file: string;
  /** The project's directory, with prisma/. */
  root: string;
  now: Date;
  /** What is there now: refuse if there is anything, keep it in a schema of its own, or drop it. */
  existing: "refuse" | "keep" | "drop";
}

export interface Restored {
  header: BackupHeader;
  tables: number;
  rows: number;
  /** Schema that has what was there before; null: nothing was, or it is gone. */
  keptIn: string | null;
  /** Migrations that came after the backup and were applied to it. */
  migrated: string[];
}

/** As Prisma's migration engine makes it; its rows come with the backup. */
const MIGRATIONS_TABLE = `CREATE TABLE _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

/** The trail is restored as it was: its own trigger would hash it anew. */
const KEEP_AUDIT_HASHES = "SET LOCAL trainyard.restoring = 'on'";

/**
 * Puts a backup in the database's place. The file is read to its end first, and everything is one transaction: whatever
 * goes wrong, what was there before is still there, unchanged. Then it is brought to this version's schema.
 * @throws Error with words for people: damaged file, newer version, database in use or not empty
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { url, file, root } = options;
  const header = await verifyBackup(file);
  const scripts = await readScripts(root, header);
  const client = await connectServer(url);
  let done: Pick<Restored, "tables" | "rows" | "keptIn">;
  try {
    await assertUnused(client);
    await client.query("BEGIN");
    try {
      const keptIn = await makeRoom(client, options);
      await client.query(MIGRATIONS_TABLE);
      for (const script of scripts) await client.query(script);
      await client.query(KEEP_AUDIT_HASHES);
      const filled = await fillTables(client, file);
      for (const { name, value, isCalled } of header.sequences)
        await client.query("SELECT setval($1::regclass, $2, $3)", [
          pg.escapeIdentifier(name),
          value,
          isCalled,
        ]);
      await client.query("COMMIT");
      done = { ...filled, keptIn };
    } catch (error) {
      // A connection that is gone has rolled back by itself.
      await client.query("ROLLBACK").catch(() => {});
      throw error;
    }
  } finally {
    await client.end();
  }
  return { header, ...done, migrated: await migrate(url, root) };
}

async function readScripts(root: string, { migrations }: BackupHeader): Promise<string[]> {
  return Promise.all(
    migrations.map((name) => {
      // Names come from the file, and lead to files here.
      if (!/^[\w-]+$/.test(name)) throw new Error("The backup names a migration that cannot be one.");
      return readFile(join(root, "prisma", "migrations", name, "migration.sql"), "utf8").catch((cause) => {
        throw new Error(
          `The backup was made by a newer Trainyard (it has the migration ${name}). Restore it with that version.`,
          { cause },
        );
      });
    }),
  );
}

async function assertUnused(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  );
  const count = rows[0]?.count ?? 0;
  if (count === 0) return;
  throw new Error(
    `The database ${client.database} is in use by ${count} other ${count === 1 ? "connection" : "connections"}. Stop Trainyard everywhere first; what runs on nodes goes on.`,
  );
}

/** An empty schema to restore into. Returns where that which was there is now. */
async function makeRoom(client: pg.Client, { existing, now }: RestoreOptions): Promise<string | null> {
  const { rows } = await client.query<{ schema: string; tables: number }>(
    `SELECT current_schema() AS schema, count(c.oid)::int AS tables FROM (SELECT 1) one
     LEFT JOIN pg_class c ON c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace`,
  );
  const { schema = "public", tables = 0 } = rows[0] ?? {};
  if (tables === 0) return null;
  if (existing === "refuse")
    throw new Error(
      `The database ${client.database} is not empty. To put the backup in its place: add --replace (what is there now is kept aside), or --replace --discard (it is deleted).`,
    );
  const stamp = now.toISOString().replace(/\D/g, "").slice(0, 14);
  const aside = `before_restore_${stamp}`;
  const [old, kept] = [schema, aside].map((name) => pg.escapeIdentifier(name));
  await client.query(`ALTER SCHEMA ${old} RENAME TO ${kept}`);
  await client.query(`CREATE SCHEMA ${old}`);
  if (existing === "keep") return aside;
  await client.query(`DROP SCHEMA ${kept} CASCADE`);
  return null;
}

async function fillTables(client: pg.Client, file: string): Promise<{ tables: number; rows: number }> {
  const frames = readFrames(file);
  const filled = { tables: 0, rows: 0 };
  for await (const frame of { [Symbol.asyncIterator]: () => ({ next: () => frames.next() }) }) {
    if (frame.kind !== FRAME.table) continue;
    const table = parsePayload(TableHead, frame);
    const { rows, expected } = await fillTable(client, table, frames);
    if (rows !== expected) throw new Error(`The table ${table.name} took ${rows} rows of ${expected}.`);
    filled.tables += 1;
    filled.rows += rows;
  }
  return filled;
}

async function fillTable(client: pg.Client, { name, columns }: TableHead, frames: AsyncGenerator<Frame>) {
  const names = columns.map((column) => pg.escapeIdentifier(column)).join(", ");
  const copy = client.query(
    copyFrom(`COPY ${pg.escapeIdentifier(name)} (${names}) FROM STDIN (FORMAT binary)`),
  );
  let expected = -1;
  async function* rowsOf() {
    for (let next = await frames.next(); !next.done; next = await frames.next()) {
      if (next.value.kind === FRAME.tableEnd) {
        expected = parsePayload(TableEnd, next.value).rows;
        return;
      }
      yield next.value.payload;
    }
  }
  await pipeline(Readable.from(rowsOf(), { objectMode: false }), copy);
  return { rows: copy.rowCount, expected };
}
