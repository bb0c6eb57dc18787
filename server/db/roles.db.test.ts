import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase } from "../testing/database";
import type { Database } from ".";
import { canReadCredentials, grantRights, makeRoles } from "./roles";

const DENIED = "42501";

describe("the roles of the serving processes", () => {
  let db: Database;
  let web: pg.Pool;
  let worker: pg.Pool;
  beforeAll(async () => {
    db = await createTestDatabase();
    await db.pool.query(
      "INSERT INTO audit_event (at, actor, action, object) VALUES (now(), 'somebody', 'test', 'nothing')",
    );
    const urls = await makeRoles(db.url);
    web = new pg.Pool({ connectionString: urls.web, max: 1 });
    worker = new pg.Pool({ connectionString: urls.worker, max: 1 });
  });
  afterAll(async () => {
    await web.end();
    await worker.end();
    await db.close();
  });

  const codeOf = (pool: pg.Pool, sql: string) =>
    pool.query(sql).then(
      () => "allowed",
      (error: pg.DatabaseError) => error.code,
    );

  it.each([
    "SELECT envelope FROM credential",
    "SELECT count(*) FROM credential",
    "SELECT envelope FROM preparation_secret",
    "INSERT INTO credential SELECT * FROM credential",
    "DELETE FROM credential",
    "COPY credential TO STDOUT",
    "UPDATE audit_event SET actor = 'nobody'",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
    "DELETE FROM _prisma_migrations",
    "CREATE TABLE mine (id int)",
    "ALTER TABLE run ADD COLUMN mine int",
    "COPY run TO PROGRAM 'true'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT passwd FROM pg_shadow",
    "SET ROLE trainyard_worker",
    "ALTER ROLE trainyard_web SUPERUSER",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
  ])("deny the web: %s", async (sql) => {
    expect(await codeOf(web, sql)).toBe(DENIED);
  });

  it.each([
    "UPDATE audit_event SET actor = 'nobody'",
    "DELETE FROM audit_event",
    "CREATE TABLE mine (id int)",
  ])("deny the worker: %s", async (sql) => {
    expect(await codeOf(worker, sql)).toBe(DENIED);
  });

  it("let the web see which secrets a node has", async () => {
    expect(await codeOf(web, "SELECT node_id, name FROM preparation_secret")).toBe("allowed");
  });

  it("let the web do everything else, and the worker read credentials", async () => {
    const { rows } = await db.pool.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    );
    const hidden = new Set(["credential", "preparation_secret"]);
    for (const { name } of rows) {
      const select = `SELECT * FROM "${name}" LIMIT 1`;
      expect([name, await codeOf(worker, select)]).toEqual([name, "allowed"]);
      expect([name, await codeOf(web, select)]).toEqual([name, hidden.has(name) ? DENIED : "allowed"]);
    }
    const entry = "INSERT INTO audit_event (at, actor, action, object) VALUES (now(), 'me', 'test', 'it')";
    expect([await codeOf(web, entry), await codeOf(worker, entry)]).toEqual(["allowed", "allowed"]);
    expect([await canReadCredentials(web), await canReadCredentials(worker)]).toEqual([false, true]);
  });

  it("get new passwords with every start, and lose what somebody granted them meanwhile", async () => {
    await db.pool.query("GRANT SELECT ON credential TO trainyard_web");
    const urls = await makeRoles(db.url);
    const again = new pg.Pool({ connectionString: urls.web, max: 1 });
    expect(await canReadCredentials(again)).toBe(false);
    await again.end();
  });

  it("get their rights on a server of somebody else, where the settings name them", async () => {
    const name = `web of ${db.pool.options.database ?? "it"}`;
    const role = pg.escapeIdentifier(name);
    await db.pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'word'`);
    try {
      const own = new URL(db.url);
      own.username = name;
      own.password = "word";
      await grantRights(db.url, { web: own.href });
      const pool = new pg.Pool({ connectionString: own.href, max: 1 });
      expect(await codeOf(pool, "SELECT 1 FROM run LIMIT 1")).toBe("allowed");
      expect(await codeOf(pool, "SELECT 1 FROM credential")).toBe(DENIED);
      await pool.end();
    } finally {
      await db.pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});
