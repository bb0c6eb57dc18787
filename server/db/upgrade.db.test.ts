import { createHash, randomBytes, randomUUID } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { listRuns } from "../forecasts";
import { readLog } from "../logs";
import { listNodes } from "../nodes";
import { getAttempt, getRun } from "../runs";
import { readScalars } from "../scalars";
import { testContext } from "../testing/database";
import { migrate } from "./migrations";
import { type Database, openDatabase } from "./open-database";
import { pendingMigrations } from "./pending-migrations";

const MIGRATIONS = readdirSync(join(process.cwd(), "prisma", "migrations"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

let directory: string;
let db: Database;
const name = `test_${randomBytes(6).toString("hex")}`;

async function admin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.TRAINYARD_TEST_ADMIN_URL });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "trainyard-upgrade-"));
  await admin(`CREATE DATABASE ${name}`);
  const url = new URL(process.env.TRAINYARD_TEST_ADMIN_URL ?? "");
  url.pathname = `/${name}`;
  db = openDatabase(url.href, { maxConnections: 3 });
});
afterEach(async () => {
  await db.close();
  await admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  rmSync(directory, { recursive: true, force: true });
});

/** A version that had only these migrations. */
function projectOf(migrations: readonly string[]): string {
  const root = join(directory, String(migrations.length));
  for (const file of [
    "schema.prisma",
    "migrations/migration_lock.toml",
    ...migrations.map((one) => `migrations/${one}`),
  ])
    cpSync(join(process.cwd(), "prisma", file), join(root, "prisma", file), { recursive: true });
  return root;
}

const STAGE = { fields: {}, env: {}, gpuCount: 1, gpuUuids: [] };
const PARAMETERS = {
  presetId: null,
  stages: { sft: STAGE, reward: STAGE, ppo: STAGE },
  evaluation: { isEnabled: false },
};
const COMMAND = {
  workingDirectory: "/home/ann/DeepSpeedExamples",
  argv: ["deepspeed", "main.py"],
  env: {},
  outputDirectory: "/home/ann/.trainyard/runs/old/sft-1",
  eventDirectories: [],
  expectedFiles: [["pytorch_model.bin"]],
};

/** As a version with the first two migrations left it: SQL, because today's client knows today's columns. */
async function insertOld(): Promise<{ runId: string; attemptId: string; log: Buffer }> {
  const [nodeId, runId, stageId, attemptId, fileId] = Array.from({ length: 5 }, () => randomUUID());
  const log = randomBytes(50_000);
  const rows: [string, unknown[]][] = [
    [
      `INSERT INTO node (id, name, host, username, "authMethod", status, "updatedAt") VALUES ($1, 'old node', '10.0.0.1', 'ann', 'password', 'online', now())`,
      [nodeId],
    ],
    [
      `INSERT INTO run (id, name, recipe, parameters, "nodeId", status, "createdBy", "idempotencyKey", "endedAt")
       VALUES ($1, 'old run', 'deepspeed-chat', $2, $3, 'failed', 'ann', 'old-key', now())`,
      [runId, PARAMETERS, nodeId],
    ],
    [
      `INSERT INTO stage (id, "runId", kind, status, "gpuUuids", "gpuCount") VALUES ($1, $2, 'sft', 'failed', '{}', 1)`,
      [stageId, runId],
    ],
    [
      `INSERT INTO attempt (id, "stageId", number, status, command, "exitStatus", reason, "endedAt")
       VALUES ($1, $2, 1, 'failed', $3, 1, 'CUDA out of memory', now())`,
      [attemptId, stageId, COMMAND],
    ],
    [
      `INSERT INTO placement ("attemptId", rank, "nodeId", "gpuUuids") VALUES ($1, 0, $2, '{}')`,
      [attemptId, nodeId],
    ],
    [
      `INSERT INTO node_file (id, "attemptId", path, kind, identity, "offset", size, "isComplete", "updatedAt")
       VALUES ($1, $2, 'training.log', 'log', '1:1', $3, $3, true, now())`,
      [fileId, attemptId, log.length],
    ],
    [
      `INSERT INTO log_chunk (file_id, "offset", bytes) VALUES ($1, 0, $2)`,
      [fileId, log.subarray(0, 20_000)],
    ],
    [
      `INSERT INTO log_chunk (file_id, "offset", bytes) VALUES ($1, 20000, $2)`,
      [fileId, log.subarray(20_000)],
    ],
    [
      `WITH tag AS (INSERT INTO scalar_tag (attempt_id, tag, source, source_tag) VALUES ($1, 'loss', 'log', 'loss') RETURNING id)
       INSERT INTO scalar (tag_id, step, file_id, record_offset, value) SELECT id, 7, $2, 100, 1.5 FROM tag`,
      [attemptId, fileId],
    ],
  ];
  for (const [sql, values] of rows) await db.pool.query(sql, values);
  return { runId: runId ?? "", attemptId: attemptId ?? "", log };
}

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

it.each([2, Math.ceil(MIGRATIONS.length / 2), MIGRATIONS.length - 1])(
  "a database of a version with %i migrations is brought up to date, and everything in it is read",
  async (count) => {
    const old = MIGRATIONS.slice(0, count);
    expect(await migrate(db.url, projectOf(old))).toEqual(old);
    const { runId, attemptId, log } = await insertOld();
    expect(await pendingMigrations(db.pool, process.cwd())).toEqual(MIGRATIONS.slice(count));

    expect(await migrate(db.url, process.cwd())).toEqual(MIGRATIONS.slice(count));

    expect(await pendingMigrations(db.pool, process.cwd())).toEqual([]);
    const ctx = testContext(db);
    expect((await listNodes({ ctx, input: { limit: 10 } })).items).toMatchObject([
      { name: "old node", host: "10.0.0.1" },
    ]);
    expect((await listRuns({ ctx, input: {} })).items).toMatchObject([
      { id: runId, name: "old run", status: "failed" },
    ]);
    const run = await getRun({ ctx, input: { id: runId } });
    expect(run.stages).toMatchObject([{ kind: "sft", status: "failed" }]);
    const attempt = await getAttempt({ ctx, input: { id: attemptId } });
    expect(attempt).toMatchObject({ status: "failed", exitStatus: 1, reason: "CUDA out of memory" });
    const read = await readLog({ ctx, input: { attemptId, offset: 0, length: log.length } });
    expect(digest(read.bytes)).toBe(digest(log));
    const scalars = await readScalars({ ctx, input: { attemptId } });
    expect(JSON.stringify(scalars)).toContain("1.5");
  },
);

it("an older version refuses a database that a newer one has changed, and leaves it as it is", async () => {
  await migrate(db.url, process.cwd());
  await expect(migrate(db.url, projectOf(MIGRATIONS.slice(0, 3)))).rejects.toThrow(/newer Trainyard/);
  expect(await pendingMigrations(db.pool, process.cwd())).toEqual([]);
});
