import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";

/** Names of the migrations in `root`/prisma that the database lacks, in order. @throws Error when it does not answer */
export async function pendingMigrations(pool: pg.Pool, root: string): Promise<string[]> {
  const entries = await readdir(join(root, "prisma", "migrations"), { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const { rows: tables } = await pool.query("SELECT to_regclass('_prisma_migrations') AS name");
  if (tables[0]?.name === null) return names.sort();
  const { rows } = await pool.query<{ name: string }>(
    "SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
  );
  const applied = new Set(rows.map(({ name }) => name));
  return names.filter((name) => !applied.has(name)).sort();
}
