import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { canEnter, reachableBinaries, serverAccount } from "./account";
import { findPostgres } from "./binaries";
import { startEmbeddedServer } from "./embedded-server";

const made: string[] = [];
function scratch(mode = 0o755): string {
  const directory = mkdtempSync(join(tmpdir(), "trainyard-pg-"));
  chmodSync(directory, mode);
  made.push(directory);
  return directory;
}
afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

async function query(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: "array" })).rows[0]?.[0];
  } finally {
    await client.end();
  }
}

test("a server that a killed process left running is taken over with its data", async () => {
  const directory = scratch();
  const first = await startEmbeddedServer({ directory, database: "trainyard", isThrowaway: true });
  await query(first.url, "CREATE TABLE kept AS SELECT 42 AS answer");
  const second = await startEmbeddedServer({ directory, database: "trainyard", isThrowaway: true });
  expect(second.wasRunning).toBe(true);
  expect(await query(second.url, "SELECT answer FROM kept")).toBe(42);
  await second.stop();
  const third = await startEmbeddedServer({ directory, database: "trainyard", isThrowaway: true });
  expect(third.wasRunning).toBe(false);
  expect(await query(third.url, "SELECT answer FROM kept")).toBe(42);
  await third.stop();
});

test("a data directory below a folder that is closed to others still gets a server", async (ctx) => {
  const account = serverAccount();
  if (account === null) return ctx.skip("only root runs the server as another user");
  const closed = scratch(0o700);
  const directory = join(closed, "data");
  mkdirSync(directory);
  expect(canEnter(account, directory)).toBe(false);
  const openDirectory = scratch();
  const server = await startEmbeddedServer({
    directory,
    database: "trainyard",
    isThrowaway: true,
    openDirectory,
  });
  expect(await query(server.url, "SELECT current_database()")).toBe("trainyard");
  await server.stop();
  expect(existsSync(join(directory, "postgres"))).toBe(false);
});

test("binaries in a closed clone are copied to where the server's user can run them", async (ctx) => {
  const account = serverAccount();
  if (account === null) return ctx.skip("only root runs the server as another user");
  const closed = scratch(0o700);
  const native = join(closed, "native");
  cpSync(join(await findPostgres(), "bin"), join(native, "bin"), { recursive: true });
  const openDirectory = scratch();
  const copy = reachableBinaries(account, native, "18", openDirectory);
  expect(copy.startsWith(openDirectory)).toBe(true);
  expect(canEnter(account, join(copy, "bin"))).toBe(true);
  expect(existsSync(join(copy, "bin", "postgres"))).toBe(true);
  expect(reachableBinaries(account, native, "18", openDirectory)).toBe(copy);
});
