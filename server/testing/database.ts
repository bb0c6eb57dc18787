import { randomBytes } from "node:crypto";
import pg from "pg";
import type { Context } from "../context";
import { SYSTEM_ACTOR } from "../context";
import { type Database, openDatabase } from "../db";
import { createLogger } from "../log";

function adminUrl(): string {
  const url = process.env.TRAINYARD_TEST_ADMIN_URL;
  if (!url) throw new Error("No test database: run this through vitest, whose global setup starts one.");
  return url;
}

async function admin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A database of its own, cloned from the migrated template. `close` drops it. */
export async function createTestDatabase(): Promise<Database> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await admin(`CREATE DATABASE ${name} TEMPLATE ${process.env.TRAINYARD_TEST_TEMPLATE ?? "template1"}`);
  const url = new URL(adminUrl());
  url.pathname = `/${name}`;
  const db = openDatabase(url.href, { maxConnections: 5 });
  return {
    ...db,
    close: async () => {
      await db.close();
      await admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** A context for verbs under test; `published` collects what they told the pages. */
export function testContext(
  db: Database,
  overrides: Partial<Context> = {},
): Context & { published: unknown[] } {
  const published: unknown[] = [];
  return {
    db,
    actor: SYSTEM_ACTOR,
    now: () => new Date(),
    log: createLogger("test", "fatal"),
    publish: (change) => published.push(change),
    ...overrides,
    published,
  };
}
