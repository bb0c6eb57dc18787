import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { connectServer } from "./connect-server";
import { applyMigrations, diffMigrations } from "./schema-engine";

const ADVISORY_LOCK = 7_242_001;

async function loadMigrations(root: string) {
  const baseDir = join(root, "prisma", "migrations");
  const names = (await readdir(baseDir, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const migrationDirectories = await Promise.all(
    names.sort().map(async (name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok" as const, value: await readFile(join(baseDir, name, "migration.sql"), "utf8") },
      },
    })),
  );
  const lockfile = {
    path: "migration_lock.toml",
    content: await readFile(join(baseDir, "migration_lock.toml"), "utf8"),
  };
  return { baseDir, lockfile, shadowDbInitScript: "", migrationDirectories };
}

async function loadSchema(root: string): Promise<string> {
  return readFile(join(root, "prisma", "schema.prisma"), "utf8");
}

const OLDEST_SERVER = 150_000;

/**
 * Brings the database up to date. Several processes may call it at once: an advisory lock lets one work.
 * @throws Error with words for people where the server is too old, or the database is not ours
 */
export async function migrate(url: string, root: string): Promise<string[]> {
  const client = await connectServer(url);
  try {
    await assertNewEnough(client);
    await client.query("SELECT pg_advisory_lock($1)", [ADVISORY_LOCK]);
    const migrations = await loadMigrations(root);
    await assertOurs(client, new Set(migrations.migrationDirectories.map(({ path }) => path)));
    return await applyMigrations(url, await loadSchema(root), migrations);
  } catch (cause) {
    throw isForbidden(cause) ? forbidden(client, cause) : cause;
  } finally {
    await client.end();
  }
}

/** SQLSTATE insufficient_privilege. */
const isForbidden = (error: unknown) => error instanceof Error && "code" in error && error.code === "42501";

function forbidden({ user, database }: pg.Client, cause: unknown): Error {
  const [owner, name] = [user, database].map((part) => pg.escapeIdentifier(part ?? ""));
  return new Error(
    `The user ${user} may not make tables in the database ${database}. Give it away: ALTER DATABASE ${name} OWNER TO ${owner};`,
    { cause },
  );
}

async function assertNewEnough(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ number: number; version: string }>(
    "SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version",
  );
  if ((rows[0]?.number ?? 0) >= OLDEST_SERVER) return;
  throw new Error(
    `The server of DATABASE_URL is PostgreSQL ${rows[0]?.version}; Trainyard needs 15 or newer.`,
  );
}

/** Another program's database stays untouched, and so does one that a newer Trainyard has changed. */
async function assertOurs(client: pg.Client, known: ReadonlySet<string>): Promise<void> {
  const { rows: tables } = await client.query<{ name: string }>(
    "SELECT c.relname AS name FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace ORDER BY 1",
  );
  if (tables.length === 0) return;
  if (!tables.some(({ name }) => name === "_prisma_migrations")) throw foreign(client, tables);
  const { rows: applied } = await client.query<{ name: string }>(
    "SELECT migration_name AS name FROM _prisma_migrations WHERE rolled_back_at IS NULL",
  );
  const unknown = applied.filter(({ name }) => !known.has(name));
  if (unknown.length === 0) return;
  if (unknown.length === applied.length) throw foreign(client, tables);
  throw new Error(
    `A newer Trainyard has changed the database ${client.database} (${unknown.map(({ name }) => name).join(", ")}). Start that version.`,
  );
}

function foreign({ database }: pg.Client, tables: { name: string }[]): Error {
  const names = tables.slice(0, 3).map(({ name }) => name);
  return new Error(
    `The database ${database} holds tables of another program (${names.join(", ")}${tables.length > 3 ? ", …" : ""}). Make one for Trainyard and name it in DATABASE_URL: CREATE DATABASE trainyard;`,
  );
}

/** Indexes written by hand, because schema.prisma cannot say them. */
const HAND_WRITTEN_INDEXES = [
  "attempt_event_one_terminal",
  "attempt_one_open_of_stage",
  "attempt_one_open_of_evaluation",
];

/** What schema.prisma says and the migrations do not, as SQL; "" when they agree. `url` is a scratch server's. */
export async function schemaDrift(url: string, root: string): Promise<string> {
  const sql = await diffMigrations(url, await loadSchema(root), await loadMigrations(root));
  const statements = sql.split(/\n(?=-- )/);
  const isOurs = (statement: string) =>
    HAND_WRITTEN_INDEXES.some((name) => statement.includes(`DROP INDEX "${name}"`));
  const rest = statements.filter(
    (statement) => !isOurs(statement) && !statement.includes("This is an empty migration"),
  );
  return rest.join("\n").trim();
}

/** Changes whenever a migration does: names the template database of the tests. */
export async function migrationsHash(root: string): Promise<string> {
  const { migrationDirectories } = await loadMigrations(root);
  const hash = createHash("sha256");
  for (const { path, migrationFile } of migrationDirectories)
    hash.update(path).update(migrationFile.content.value);
  return hash.digest("hex").slice(0, 16);
}
