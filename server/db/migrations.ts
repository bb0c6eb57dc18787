import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
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

/** Brings the database up to date. Several processes may call it at once: an advisory lock lets one work. */
export async function migrate(url: string, root: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [ADVISORY_LOCK]);
    return await applyMigrations(url, await loadSchema(root), await loadMigrations(root));
  } finally {
    await client.end();
  }
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
