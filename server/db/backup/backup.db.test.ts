import { randomBytes, randomUUID } from "node:crypto";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../testing/database";
import type { Database } from "../open-database";
import { restoreBackup, verifyBackup, writeBackup } from ".";

let db: Database;
let directory: string;
let url: string;
let isOpen = false;
beforeEach(async () => {
  db = await createTestDatabase();
  url = db.url;
  isOpen = true;
  directory = mkdtempSync(join(tmpdir(), "trainyard-backup-"));
});
afterEach(async () => {
  if (isOpen) await disconnect();
  const client = new pg.Client({ connectionString: process.env.TRAINYARD_TEST_ADMIN_URL });
  await client.connect();
  await client.query(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
  await client.end();
  rmSync(directory, { recursive: true, force: true });
});

const NOW = new Date("2026-01-02T03:04:05Z");
const fileOf = (name = "one.backup") => join(directory, name);
const backUp = (file = fileOf(), keyRing: string | null = null) =>
  writeBackup({ url, file, now: NOW, keyRing });
const restore = (existing: "refuse" | "keep" | "drop" = "keep", file = fileOf()) =>
  restoreBackup({ url, file, root: process.cwd(), now: NOW, existing });

/** One connection of its own, gone afterwards: a restore is refused while anybody is connected. */
async function ask<T extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** Every row of every table, as text. */
async function everything(): Promise<Record<string, string[]>> {
  const tables = await ask<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY 1",
  );
  const found: Record<string, string[]> = {};
  for (const { name } of tables) {
    const rows = await ask<{ row: string }>(`SELECT t::text AS row FROM "${name}" t ORDER BY 1`);
    found[name] = rows.map(({ row }) => row);
  }
  return found;
}

/** A node, an ended attempt with a binary log of `size` bytes, scalars, an audit row, a hand-made number sequence. */
async function fill(size: number): Promise<Buffer> {
  const { prisma } = db;
  const node = await prisma.node.create({
    data: { name: "one", host: "h", username: "u", authMethod: "password", settings: { note: "ünï\n\\." } },
  });
  const run = await prisma.run.create({
    data: {
      name: "r",
      recipe: "deepspeed-chat",
      parameters: { a: [1, null] },
      nodeId: node.id,
      createdBy: "t",
      idempotencyKey: randomUUID(),
    },
  });
  const stage = await prisma.stage.create({
    data: { runId: run.id, kind: "sft", gpuCount: 2, gpuUuids: ["a", 'b"{}'] },
  });
  const attempt = await prisma.attempt.create({
    data: { stageId: stage.id, number: 1, status: "succeeded", command: {} },
  });
  const file = await prisma.nodeFile.create({
    data: {
      attemptId: attempt.id,
      path: "training.log",
      kind: "log",
      identity: "1:1",
      offset: size,
      size,
      isComplete: true,
    },
  });
  const log = randomBytes(size);
  for (let offset = 0; offset < size; offset += 100_000)
    await prisma.logChunk.create({
      data: { fileId: file.id, offset, bytes: log.subarray(offset, offset + 100_000) },
    });
  const tag = await prisma.scalarTag.create({
    data: { attemptId: attempt.id, tag: "loss", source: "log", sourceTag: "loss" },
  });
  await prisma.scalar.createMany({
    data: [0.1, Number.NaN, Number.POSITIVE_INFINITY].map((value, step) => ({
      tagId: tag.id,
      step,
      fileId: file.id,
      recordOffset: step,
      value,
    })),
  });
  await prisma.auditEvent.create({ data: { actor: "t", action: "a", object: "o" } });
  return log;
}

async function storedLog(): Promise<Buffer> {
  const rows = await ask<{ bytes: Buffer }>('SELECT bytes FROM log_chunk ORDER BY "offset"');
  return Buffer.concat(rows.map(({ bytes }) => bytes));
}

async function disconnect(): Promise<void> {
  await db.prisma.$disconnect();
  await db.pool.end();
  isOpen = false;
}

describe("the drill", () => {
  it("brings every row and every byte of the logs back after the database was emptied", async () => {
    const log = await fill(1_500_000);
    const before = await everything();
    const written = await backUp();
    expect(written.rows).toBe(Object.values(before).flat().length);
    expect(statSync(fileOf()).mode & 0o777).toBe(0o600);
    await disconnect();
    await ask("DROP SCHEMA public CASCADE");
    await ask("CREATE SCHEMA public");
    const restored = await restore("refuse");
    expect(restored).toMatchObject({
      rows: written.rows,
      tables: written.tables,
      keptIn: null,
      migrated: [],
    });
    expect(await everything()).toEqual(before);
    expect((await storedLog()).equals(log)).toBe(true);
    // The next number is one that nobody has.
    const [next] = await ask<{ id: string }>(
      "INSERT INTO audit_event (actor, action, object) VALUES ('t', 'a', 'o') RETURNING id",
    );
    expect(Number(next?.id)).toBe(2);
    // Rules written by hand are there again.
    await expect(ask("UPDATE attempt SET status = 'failed'")).rejects.toThrow();
  });

  it("takes one moment of a database that is written to meanwhile", async () => {
    await fill(200_000);
    let isDone = false;
    let pairs = 0;
    const writing = (async () => {
      for (; !isDone; pairs++) {
        const key = `k${pairs}`;
        await db.pool.query(
          `WITH one AS (INSERT INTO audit_event (actor, action, object) VALUES ('pair', 'a', $1))
           INSERT INTO installation_fact (key, value) VALUES ($1, '1')`,
          [key],
        );
      }
    })();
    for (let n = 0; n < 5; n++) await backUp(fileOf(`${n}.backup`));
    isDone = true;
    await writing;
    expect(pairs).toBeGreaterThan(5);
    await disconnect();
    for (let n = 0; n < 5; n++) {
      await restore("drop", fileOf(`${n}.backup`));
      const [audits] = await ask<{ count: number }>(
        "SELECT count(*)::int AS count FROM audit_event WHERE actor = 'pair'",
      );
      const [facts] = await ask<{ count: number }>("SELECT count(*)::int AS count FROM installation_fact");
      expect(audits?.count).toBe(facts?.count);
    }
  });

  it("brings a backup of an older version to this one's schema", async () => {
    await fill(10);
    await backUp();
    await disconnect();
    const root = join(directory, "project");
    cpSync(join(process.cwd(), "prisma"), join(root, "prisma"), { recursive: true });
    const added = join(root, "prisma", "migrations", "9000_more");
    mkdirSync(added);
    writeFileSync(
      join(added, "migration.sql"),
      "ALTER TABLE node ADD COLUMN colour TEXT NOT NULL DEFAULT 'red';\n",
    );
    const restored = await restoreBackup({ url, file: fileOf(), root, now: NOW, existing: "drop" });
    expect(restored.migrated).toEqual(["9000_more"]);
    expect(await ask("SELECT name, colour FROM node")).toEqual([{ name: "one", colour: "red" }]);
  });
});

describe("what is refused changes nothing", () => {
  const refused = (file: string, message: RegExp) => expect(restore("drop", file)).rejects.toThrow(message);
  const expectUnchanged = async (work: () => Promise<void>) => {
    const before = await everything();
    await work();
    expect(await everything()).toEqual(before);
  };

  it("a file that was cut off anywhere, changed, foreign, or is not there", async () => {
    await fill(300_000);
    await backUp();
    await disconnect();
    const before = await everything();
    const whole = readFileSync(fileOf());
    for (const part of [0, 1, 20, 0.1, 0.5, 0.9, 0.999].map((cut) =>
      cut < 1 ? Math.floor(cut * whole.length) : cut,
    )) {
      writeFileSync(fileOf("half"), whole.subarray(0, part));
      await refused(fileOf("half"), /cut off|cannot be unpacked/);
    }
    const frames = gunzipSync(whole);
    const changed = Buffer.from(frames);
    const at = changed.indexOf("training.log");
    changed.write("TRAINING", at);
    writeFileSync(fileOf("changed"), gzipSync(changed));
    await refused(fileOf("changed"), /SHA-256 is another/);
    writeFileSync(fileOf("no-end"), gzipSync(frames.subarray(0, frames.length - 1)));
    await refused(fileOf("no-end"), /middle of a frame/);
    writeFileSync(fileOf("foreign"), "-- PostgreSQL database dump\n");
    await refused(fileOf("foreign"), /no backup of Trainyard/);
    writeFileSync(fileOf("other"), gzipSync("-- PostgreSQL database dump\n"));
    await refused(fileOf("other"), /no backup of Trainyard/);
    await refused(fileOf("nowhere"), /There is no file/);
    expect(await everything()).toEqual(before);
  });

  it("a database that is not empty, unless it is to be replaced; then it is kept aside", async () => {
    await fill(10);
    await backUp();
    await db.prisma.auditEvent.create({ data: { actor: "later", action: "a", object: "o" } });
    await disconnect();
    await expect(restore("refuse")).rejects.toThrow(/is not empty.*--replace/);
    const { keptIn } = await restore("keep");
    expect(keptIn).toBe("before_restore_20260102030405");
    expect(await ask("SELECT actor FROM audit_event ORDER BY id")).toEqual([{ actor: "t" }]);
    expect(await ask(`SELECT actor FROM ${keptIn}.audit_event ORDER BY id`)).toEqual([
      { actor: "t" },
      { actor: "later" },
    ]);
  });

  it("a database that somebody uses", async () => {
    await backUp();
    await db.pool.query("SELECT 1");
    await expect(restore("drop")).rejects.toThrow(/in use by \d+ other connection/);
  });

  it("a backup of a newer version", async () => {
    await ask(
      "INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name) VALUES ('x', 'x', now(), '9999_future')",
    );
    await backUp();
    await disconnect();
    await expectUnchanged(() => refused(fileOf(), /newer Trainyard.*9999_future/));
  });

  it("a rule of the tables that a row breaks rolls everything back", async () => {
    await fill(10);
    await ask('ALTER TABLE run DROP CONSTRAINT "run_nodeId_fkey"');
    await ask("DELETE FROM node_lease");
    await ask('UPDATE run SET "nodeId" = gen_random_uuid()');
    await backUp();
    await disconnect();
    await expectUnchanged(() => refused(fileOf(), /foreign key/));
  });

  it("an older file of the same name, and a folder without a database to back up", async () => {
    await backUp();
    const before = readFileSync(fileOf());
    await expect(backUp()).rejects.toThrow(/exists already/);
    expect(readFileSync(fileOf()).equals(before)).toBe(true);
    expect(readdirSync(directory)).toEqual(["one.backup"]);
    await disconnect();
    await ask("DROP SCHEMA public CASCADE");
    await ask("CREATE SCHEMA public");
    await expect(backUp(fileOf("empty.backup"))).rejects.toThrow(/nothing to back up/);
    expect(readdirSync(directory)).toEqual(["one.backup"]);
  });
});

it("has the key ring only where it was asked for", async () => {
  const ring = '{"version":1,"primary":"k1"}';
  await backUp(fileOf("without.backup"));
  await backUp(fileOf("with.backup"), ring);
  expect(gunzipSync(readFileSync(fileOf("without.backup"))).includes("primary")).toBe(false);
  expect((await verifyBackup(fileOf("with.backup"))).keyRing).toBe(ring);
});
