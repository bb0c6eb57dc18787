import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startEmbeddedServer } from "../db/embedded/embedded-server";
import { migrate, migrationsHash } from "../db/migrations";

const root = process.cwd();
const directory = join(tmpdir(), `trainyard-test-${process.getuid?.() ?? 0}`);
const users = join(directory, "users");

/** One throwaway PostgreSQL for every test process of this machine; the last one to leave stops it. */
export default async function setup(): Promise<() => Promise<void>> {
  mkdirSync(users, { recursive: true });
  const mine = join(users, String(process.pid));
  writeFileSync(mine, "");
  const given = process.env.TRAINYARD_TEST_DATABASE_URL;
  const server = given
    ? { url: given, stop: async () => {} }
    : await startEmbeddedServer({ directory, database: "template_admin", isThrowaway: true });
  process.env.TRAINYARD_TEST_ADMIN_URL = server.url;
  process.env.TRAINYARD_TEST_TEMPLATE = await prepareTemplate(server.url);
  return async () => {
    rmSync(mine, { force: true });
    if (othersUse()) return;
    await server.stop();
  };
}

async function prepareTemplate(adminUrl: string): Promise<string> {
  const name = `template_${await migrationsHash(root)}`;
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock(7242002)");
    const { rowCount } = await client.query(
      "SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate",
      [name],
    );
    if (rowCount === 1) return name;
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
    await client.query(`CREATE DATABASE ${name}`);
    const url = new URL(adminUrl);
    url.pathname = `/${name}`;
    await migrate(url.href, root);
    await client.query(`ALTER DATABASE ${name} IS_TEMPLATE true`);
    return name;
  } finally {
    await client.end();
  }
}

function othersUse(): boolean {
  return readdirSync(users).some((pid) => {
    try {
      process.kill(Number(pid), 0);
      return true;
    } catch {
      // That test process is gone without having cleaned up after itself.
      rmSync(join(users, pid), { force: true });
      return false;
    }
  });
}
