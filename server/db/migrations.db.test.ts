import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestDatabase } from "../testing/database";
import { migrate } from "./migrations";

test("a cloned test database has the tables and takes rows through Prisma and through the pool", async () => {
  const db = await createTestDatabase();
  try {
    await db.prisma.installationFact.create({ data: { key: "test", value: { isThere: true } } });
    const { rows } = await db.pool.query("SELECT value FROM installation_fact WHERE key = 'test'");
    expect(rows[0]?.value).toEqual({ isThere: true });
  } finally {
    await db.close();
  }
});

/** A copy of prisma/ with one more migration. */
function projectWith(sql: string): { root: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), "trainyard-migrations-"));
  cpSync(join(process.cwd(), "prisma"), join(root, "prisma"), { recursive: true });
  const directory = join(root, "prisma", "migrations", "9000_more");
  mkdirSync(directory);
  writeFileSync(join(directory, "migration.sql"), sql);
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

test("a migration that fails half-way leaves nothing of itself, says why, and can be mended and applied", async () => {
  const db = await createTestDatabase();
  const broken = projectWith("CREATE TABLE half_done (id int);\nSELECT 1 / 0;\n");
  const mended = projectWith("CREATE TABLE half_done (id int);\nCOMMENT ON TABLE half_done IS 'a;b';\n");
  try {
    await expect(migrate(db.url, broken.root)).rejects.toThrow("division by zero");
    const { rows } = await db.pool.query("SELECT to_regclass('half_done') AS name");
    expect(rows).toEqual([{ name: null }]);
    expect(await migrate(db.url, mended.root)).toEqual(["9000_more"]);
    expect(await migrate(db.url, mended.root)).toEqual([]);
  } finally {
    broken.remove();
    mended.remove();
    await db.close();
  }
});
