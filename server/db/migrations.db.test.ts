import { expect, test } from "vitest";
import { createTestDatabase } from "../testing/database";

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
