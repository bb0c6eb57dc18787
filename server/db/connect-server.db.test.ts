import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "../free-port";
import { createTestDatabase } from "../testing/database";
import { connectServer } from "./connect-server";
import { migrate } from "./migrations";
import type { Database } from "./open-database";

let db: Database;
beforeEach(async () => {
  db = await createTestDatabase();
});
afterEach(() => db.close());

function changed(change: (url: URL) => void): string {
  const url = new URL(db.url);
  change(url);
  return url.href;
}

/** What a start with this DATABASE_URL is refused with. */
async function refusal(url: string): Promise<string> {
  return migrate(url, process.cwd()).then(
    () => "accepted",
    (error: Error) => error.message,
  );
}

test("a database of ours is accepted, and there is nothing more to apply", async () => {
  expect(await migrate(db.url, process.cwd())).toEqual([]);
});

test("a wrong password is named without being shown", async () => {
  const message = await refusal(changed((url) => (url.password = "not-the-password")));
  expect(message).toContain(`refuses the password of ${new URL(db.url).username}`);
  expect(message).not.toContain("not-the-password");
});

test("a server that does not run, a host that is none, and a database that is missing are told apart", async () => {
  const port = String(await freePort());
  expect(await refusal(changed((url) => (url.port = port)))).toContain(`answers at 127.0.0.1:${port}`);
  expect(await refusal(changed((url) => (url.hostname = "nowhere.invalid")))).toContain(
    "no host nowhere.invalid",
  );
  expect(await refusal(changed((url) => (url.pathname = "/absent")))).toContain('CREATE DATABASE "absent"');
  expect(await refusal("mysql://localhost/x")).toContain("postgresql://user:password@host");
});

test("a server that speaks something else ends in an error with its address", async () => {
  const other = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  const port = await freePort();
  await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
  await expect(connectServer(changed((url) => (url.port = String(port))))).rejects.toThrow(
    `127.0.0.1:${port}`,
  );
  other.close();
});

test("another program's tables are left alone", async () => {
  await db.pool.query("DROP SCHEMA public CASCADE");
  await db.pool.query("CREATE SCHEMA public");
  await db.pool.query("CREATE TABLE customers (id int)");
  expect(await refusal(db.url)).toMatch(/tables of another program \(customers\)/);
  const { rows } = await db.pool.query(
    "SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = 'public'",
  );
  expect(rows).toEqual([{ tables: 1 }]);
});

test("a database that a newer version has changed is refused with the change's name", async () => {
  await db.pool.query(
    "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '9999_from_the_future', now())",
  );
  expect(await refusal(db.url)).toMatch(/newer Trainyard.*9999_from_the_future/);
});

test("a user who may not make tables is told how to get the database", async () => {
  const user = `weak_${randomBytes(4).toString("hex")}`;
  await db.pool.query("DROP SCHEMA public CASCADE");
  await db.pool.query("CREATE SCHEMA public");
  await db.pool.query(`GRANT USAGE ON SCHEMA public TO public`);
  await db.pool.query(`CREATE ROLE ${pg.escapeIdentifier(user)} LOGIN PASSWORD 'w'`);
  try {
    const url = changed((each) => Object.assign(each, { username: user, password: "w" }));
    expect(await refusal(url)).toContain(`OWNER TO "${user}"`);
  } finally {
    await db.pool.query(`DROP ROLE ${pg.escapeIdentifier(user)}`);
  }
});
