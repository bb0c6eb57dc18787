import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Database, inTransaction } from "../db";
import { createTestDatabase, testContext } from "../testing/database";
import { recordAudit } from ".";
import { verifyAudit } from "./verify-audit";

describe("the audit trail", () => {
  let db: Database;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.close());

  const record = (object: string) =>
    inTransaction(db.pool, (client) =>
      recordAudit(client, testContext(db), { action: "test", object, detail: { n: 1, text: "ä\"'" } }),
    );
  const verify = () => verifyAudit({ ctx: testContext(db) });
  /** As somebody who owns the database and knows what he does. */
  const tamper = async (sql: string) => {
    await db.pool.query("ALTER TABLE audit_event DISABLE TRIGGER USER");
    await db.pool.query(sql);
    await db.pool.query("ALTER TABLE audit_event ENABLE TRIGGER USER");
  };

  it("is a chain in the order in which rows appear, whoever writes at the same time", async () => {
    expect(await verify()).toEqual({ rows: 0, newest: null, firstBroken: null });
    await Promise.all(Array.from({ length: 40 }, (_, n) => record(`node ${n}`)));
    await db.prisma.auditEvent.create({ data: { actor: "a", action: "b", object: "c" } });
    const { rows, newest, firstBroken } = await verify();
    expect([rows, newest?.hash.length, firstBroken]).toEqual([41, 64, null]);
  });

  it.each(["UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event"])(
    "refuses its owner too: %s",
    async (sql) => {
      await expect(db.pool.query(sql)).rejects.toThrow("only ever added to");
    },
  );

  it("refuses a transaction that could not see the row before", async () => {
    const client = new pg.Client({ connectionString: db.url });
    await client.connect();
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    const insert = client.query("INSERT INTO audit_event (actor, action, object) VALUES ('a', 'b', 'c')");
    await expect(insert).rejects.toThrow("READ COMMITTED");
    await client.end();
  });

  it.each([
    ["changed", "UPDATE audit_event SET actor = 'somebody else' WHERE id = $ID"],
    ["taken out", "DELETE FROM audit_event WHERE id = $ID"],
    [
      "changed and hashed anew",
      `UPDATE audit_event SET actor = 'x' WHERE id = $ID;
       UPDATE audit_event e SET hash = audit_event_hash(e."previousHash", e.*) WHERE id = $ID`,
    ],
  ])("tells where a row was %s", async (_what, sql) => {
    const { rows } = await db.pool.query<{ id: string }>(
      "SELECT id FROM audit_event ORDER BY id OFFSET 10 LIMIT 2",
    );
    const [first, second] = rows.map(({ id }) => id);
    const before = await db.pool.query("SELECT * FROM audit_event WHERE id = $1", [first]);
    await tamper(sql.replaceAll("$ID", String(first)));
    expect([first, second]).toContain((await verify()).firstBroken);
    const { at, actor, action, object, detail, hash, previousHash } = before.rows[0];
    await db.pool.query("ALTER TABLE audit_event DISABLE TRIGGER USER");
    await db.pool.query("DELETE FROM audit_event WHERE id = $1", [first]);
    await db.pool.query(
      'INSERT INTO audit_event (id, at, actor, action, object, detail, hash, "previousHash") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
      [first, at, actor, action, object, JSON.stringify(detail), hash, previousHash],
    );
    await db.pool.query("ALTER TABLE audit_event ENABLE TRIGGER USER");
    expect((await verify()).firstBroken).toBeNull();
  });

  it("tells that its end was taken off, to who kept the newest hash", async () => {
    const { newest } = await verify();
    const known = newest ?? { id: "0", hash: "" };
    await record("one more");
    expect((await verifyAudit({ ctx: testContext(db), input: { known } })).firstBroken).toBeNull();
    await tamper(`DELETE FROM audit_event WHERE id >= ${known.id}`);
    expect((await verify()).firstBroken).toBeNull();
    expect((await verifyAudit({ ctx: testContext(db), input: { known } })).firstBroken).toBe(known.id);
  });
});
