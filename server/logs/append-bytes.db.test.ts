import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../db";
import { releaseLease } from "../nodes/lease";
import { createAttemptFixture } from "../testing/attempt-fixture";
import { createTestDatabase } from "../testing/database";
import { encodeEventFile } from "../testing/event-file-writer";
import { appendBytes } from "./append-bytes";
import type { FileCursor, FileKind } from "./file-cursor";
import { listFiles } from "./list-files";
import { findMovedFile, openFile } from "./open-file";

let db: Database;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  await db.close();
});

const PPO_LINES = Array.from(
  { length: 400 },
  (_, i) =>
    `Epoch: 0 | Step: ${i} | PPO Epoch: 1 | Actor Loss: ${i / 8} | Critic Loss: 0.5 | Unsupervised Loss: 0.0\n` +
    `Average reward score: ${i / 16} | EMA reward score: 0.25\n\rbar ${i}\u001b[0m\n`,
).join("");

async function storedBytes(fileId: string): Promise<Buffer> {
  const { rows } = await db.pool.query<{ offset: string; bytes: Buffer }>(
    'SELECT "offset", bytes FROM log_chunk WHERE file_id = $1 ORDER BY "offset"',
    [fileId],
  );
  let end = 0;
  for (const row of rows) {
    expect(Number(row.offset)).toBe(end);
    end += row.bytes.length;
  }
  return Buffer.concat(rows.map((row) => row.bytes));
}

async function storedScalars(attemptId: string, tag: string): Promise<[number, number][]> {
  const { rows } = await db.pool.query<{ step: string; value: number }>(
    `SELECT s.step, s.value FROM scalar s JOIN scalar_tag t ON t.id = s.tag_id
     WHERE t.attempt_id = $1 AND t.tag = $2 ORDER BY s.step, s.record_offset`,
    [attemptId, tag],
  );
  return rows.map((row) => [Number(row.step), row.value]);
}

/** A file on a pretended node. */
function remote(content: Buffer, kind: FileKind, path = "training.log") {
  return {
    seen: (attemptId: string, length = content.length) => ({
      attemptId,
      path,
      kind,
      identity: "8:1",
      read: async (offset: number, length: number) => content.subarray(offset, offset + length),
      head: content.subarray(0, Math.min(4096, length)),
      size: length,
    }),
    input: (offset: number, length: number, isComplete = false) => ({
      bytes: content.subarray(offset, offset + length),
      size: content.length,
      isComplete,
      observedAt: new Date("2026-01-02T03:04:05Z"),
    }),
  };
}

/** Pseudo-random sizes from a seed, so that a failure can be repeated. */
function sizesFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return 1 + (state % 3000);
  };
}

async function follow(options: {
  cursor: FileCursor;
  lease: Awaited<ReturnType<typeof createAttemptFixture>>["lease"];
  file: ReturnType<typeof remote>;
  total: number;
  nextSize: () => number;
}): Promise<{ scalars: number; refused: number }> {
  let { cursor } = options;
  let scalars = 0;
  let refused = 0;
  while (cursor.offset < options.total) {
    const result = await appendBytes(
      db,
      options.lease,
      cursor,
      options.file.input(cursor.offset, options.nextSize()),
    );
    if (result !== null) {
      scalars += result.scalarCount;
      cursor = result.cursor;
      continue;
    }
    refused += 1;
    cursor =
      (await listFiles(db, cursor.attemptId)).find((other) => other.fileId === cursor.fileId) ?? cursor;
  }
  return { scalars, refused };
}

describe("appendBytes on a log", () => {
  it("loses and doubles nothing when two readers append random pieces at once", async () => {
    const { attemptId, lease } = await createAttemptFixture(db, { kind: "ppo" });
    const content = Buffer.from(PPO_LINES);
    const file = remote(content, "log");
    const cursor = await openFile(db, lease, file.seen(attemptId));
    const followers = [1, 2].map((seed) =>
      follow({ cursor, lease, file, total: content.length, nextSize: sizesFrom(seed) }),
    );
    const results = await Promise.all(followers);
    expect((await storedBytes(cursor.fileId)).equals(content)).toBe(true);
    const rewards = await storedScalars(attemptId, "ppo/reward");
    expect(rewards).toEqual(Array.from({ length: 400 }, (_, i) => [i + 1, i / 16]));
    const total = (count: "scalars" | "refused") => results.reduce((sum, result) => sum + result[count], 0);
    expect(total("scalars")).toBe(400 * 4);
    expect(total("refused")).toBeGreaterThan(0);
  });

  it("refuses a stale cursor with null and stores nothing", async () => {
    const { attemptId, lease } = await createAttemptFixture(db);
    const file = remote(Buffer.from("ppl: 2.5, loss: 0.9\n".repeat(10)), "log");
    const cursor = await openFile(db, lease, file.seen(attemptId));
    expect(await appendBytes(db, lease, cursor, file.input(0, 50))).not.toBeNull();
    expect(await appendBytes(db, lease, cursor, file.input(0, 100))).toBeNull();
    expect(await storedBytes(cursor.fileId)).toHaveLength(50);
  });

  it("keeps any bytes as they are: NUL, broken UTF-8, more than one stored piece", async () => {
    const { attemptId, lease } = await createAttemptFixture(db);
    const content = randomBytes(700_000);
    const file = remote(content, "log");
    const cursor = await openFile(db, lease, file.seen(attemptId));
    const result = await appendBytes(db, lease, cursor, file.input(0, content.length, true));
    expect(result?.cursor).toMatchObject({ offset: content.length, isComplete: true });
    expect((await storedBytes(cursor.fileId)).equals(content)).toBe(true);
  });

  it("reads the last line without its newline once the file is complete, and completing twice changes nothing", async () => {
    const { attemptId, lease } = await createAttemptFixture(db);
    const content = Buffer.from("ppl: 3.5, loss: 1.25\nppl: 2.5, loss: 0.9");
    const file = remote(content, "log");
    const cursor = await openFile(db, lease, file.seen(attemptId));
    const first = await appendBytes(db, lease, cursor, file.input(0, content.length));
    expect(first?.scalarCount).toBe(2);
    const second = first && (await appendBytes(db, lease, first.cursor, file.input(content.length, 0, true)));
    expect(second?.scalarCount).toBe(2);
    const third =
      second && (await appendBytes(db, lease, second.cursor, file.input(content.length, 0, true)));
    expect(third).toMatchObject({ scalarCount: 0, cursor: { isComplete: true } });
    expect(await storedScalars(attemptId, "eval/perplexity")).toEqual([
      [0, 3.5],
      [0, 2.5],
    ]);
  });

  it("goes on from the stored state in another process, and reports progress and evidence", async () => {
    const { attemptId, lease } = await createAttemptFixture(db);
    const content = Buffer.from(
      "Beginning of Epoch 1/2, Total Micro Batches 10\nEpoch: 0, Step: 4, Rank: 0, loss = 2.5\nCUDA out of memory. Tried\n",
    );
    const file = remote(content, "log");
    const cursor = await openFile(db, lease, file.seen(attemptId));
    await appendBytes(db, lease, cursor, file.input(0, 60));
    const [resumed] = await listFiles(db, attemptId);
    const result = resumed && (await appendBytes(db, lease, resumed, file.input(60, content.length)));
    expect(result?.progress).toEqual({ stepsDone: 5, stepsTotal: 20 });
    expect(result?.evidence.cudaOutOfMemory).toBe("CUDA out of memory. Tried");
  });

  it("refuses a worker whose lease another one has taken over", async () => {
    const { attemptId, lease } = await createAttemptFixture(db);
    const file = remote(Buffer.from("line\n"), "log");
    const cursor = await openFile(db, lease, file.seen(attemptId));
    await releaseLease(db.pool, lease);
    await expect(appendBytes(db, lease, cursor, file.input(0, 5))).rejects.toMatchObject({
      code: "CONFLICT",
    });
    expect(await storedBytes(cursor.fileId)).toHaveLength(0);
  });
});

describe("appendBytes on an event file", () => {
  const scalars = Array.from({ length: 3000 }, (_, i) => ({
    tag: i % 2 ? "Train/Samples/lr" : "reward",
    value: i === 500 ? Number.NaN : i === 600 ? Number.POSITIVE_INFINITY : i,
    step: i % 2 ? (Math.floor(i / 2) + 1) * 32 : Math.floor(i / 2) % 500,
    wallTime: 1_700_000_000 + i,
  }));
  const content = encodeEventFile(scalars);

  it("moves by whole records, whatever the pieces, and stores each scalar once with a growing step", async () => {
    const { attemptId, lease } = await createAttemptFixture(db, { kind: "ppo" });
    const file = remote(content, "events", "tb/step3_actor_tensorboard/events.out.tfevents.1");
    const cursor = await openFile(db, lease, file.seen(attemptId));
    const sizes = sizesFrom(7);
    const result = await follow({
      cursor,
      lease,
      file,
      total: content.length,
      nextSize: () => 200 + sizes(),
    });
    expect(result.scalars).toBe(3000);
    const steps = Array.from({ length: 1500 }, (_, i) => i + 1);
    expect((await storedScalars(attemptId, "ppo/reward")).map(([step]) => step)).toEqual(steps);
    const rates = await storedScalars(attemptId, "lr");
    expect(rates.map(([step]) => step)).toEqual(steps);
    expect(rates[0]).toEqual([1, 1]);
    expect((await storedScalars(attemptId, "ppo/reward"))[250]?.[1]).toBeNaN();
    expect((await storedScalars(attemptId, "ppo/reward"))[300]?.[1]).toBe(Number.POSITIVE_INFINITY);
  });

  it("leaves a torn tail for the next time and counts a broken record on the file", async () => {
    const { attemptId, lease } = await createAttemptFixture(db);
    const damaged = Buffer.from(content);
    damaged[300] = (damaged[300] ?? 0) ^ 0xff;
    const file = remote(damaged, "events", "events.out.tfevents.2");
    const cursor = await openFile(db, lease, file.seen(attemptId));
    const result = await appendBytes(db, lease, cursor, file.input(0, 10_001));
    expect(result?.cursor.offset).toBeLessThan(10_001);
    expect(result?.cursor.corruptRecords).toBe(1);
    const again =
      result && (await appendBytes(db, lease, result.cursor, file.input(result.cursor.offset, 5)));
    expect(again?.cursor.offset).toBe(result?.cursor.offset);
  });
});

describe("openFile", () => {
  const first = Buffer.from(`${"first line\n".repeat(40)}`);
  const open = (
    fixture: { attemptId: string; lease: FileLease },
    change: { content?: Buffer; identity?: string; size?: number },
  ) => {
    const content = change.content ?? first;
    return openFile(db, fixture.lease, {
      attemptId: fixture.attemptId,
      path: "training.log",
      kind: "log",
      identity: change.identity ?? "8:1",
      head: content.subarray(0, 4096),
      size: change.size ?? content.length,
      read: async (offset, length) => content.subarray(offset, offset + length),
    });
  };
  type FileLease = Awaited<ReturnType<typeof createAttemptFixture>>["lease"];

  it("goes on with the same generation while the file only grows", async () => {
    const fixture = await createAttemptFixture(db);
    const before = await open(fixture, { content: first.subarray(0, 100) });
    await appendBytes(db, fixture.lease, before, remote(first, "log").input(0, 100));
    const after = await open(fixture, {});
    expect(after).toMatchObject({
      fileId: before.fileId,
      generation: 0,
      offset: 100,
      headLength: first.length,
    });
  });

  it("goes on with the same generation when its bytes are found in another inode", async () => {
    const fixture = await createAttemptFixture(db);
    const before = await open(fixture, {});
    await appendBytes(db, fixture.lease, before, remote(first, "log").input(0, first.length));
    const after = await open(fixture, { identity: "8:2" });
    expect(after).toMatchObject({ fileId: before.fileId, offset: first.length, identity: "8:2" });
  });

  it("starts a new generation for another inode that has the same first 4 KiB and other bytes after them", async () => {
    const fixture = await createAttemptFixture(db);
    const content = Buffer.from("line\n".repeat(2_000));
    const before = await open(fixture, { content });
    await appendBytes(db, fixture.lease, before, remote(content, "log").input(0, 9_000));
    const other = Buffer.concat([content.subarray(0, 8_000), Buffer.from("LINE\n".repeat(1_000))]);
    expect(await open(fixture, { content: other, identity: "8:2" })).toMatchObject({
      generation: 1,
      offset: 0,
    });
    expect(await open(fixture, { content: other, identity: "8:2" })).toMatchObject({ generation: 1 });
  });

  it("finds the generation that a file which was moved aside belongs to, and none for any other file", async () => {
    const fixture = await createAttemptFixture(db);
    const before = await open(fixture, {});
    await appendBytes(db, fixture.lease, before, remote(first, "log").input(0, 100));
    await open(fixture, { content: Buffer.from("the next one\n"), identity: "8:2" });
    const moved = { ...remote(first, "log").seen(fixture.attemptId), path: "training.log" };
    expect(await findMovedFile(db, moved)).toMatchObject({ fileId: before.fileId, offset: 100 });
    expect(await findMovedFile(db, { ...moved, identity: "8:7" })).toMatchObject({ fileId: before.fileId });
    const other = {
      ...remote(Buffer.from("notes\n".repeat(99)), "log").seen(fixture.attemptId),
      path: "training.log",
    };
    expect(await findMovedFile(db, { ...other, identity: "8:8" })).toBeNull();
  });

  it.each([
    ["other first bytes", { content: Buffer.from("something else\n".repeat(40)) }],
    ["fewer bytes than are stored", { content: first.subarray(0, 10), size: 10 }],
    ["nothing at all", { content: Buffer.alloc(0), size: 0 }],
  ])("starts a new generation at 0 for %s and keeps the old one", async (_, change) => {
    const fixture = await createAttemptFixture(db);
    const before = await open(fixture, {});
    await appendBytes(db, fixture.lease, before, remote(first, "log").input(0, first.length));
    const after = await open(fixture, change);
    expect(after).toMatchObject({ generation: 1, offset: 0 });
    expect((await storedBytes(before.fileId)).equals(first)).toBe(true);
    expect(await listFiles(db, fixture.attemptId)).toMatchObject([{ fileId: after.fileId }]);
  });

  it("makes one generation when two open at once", async () => {
    const fixture = await createAttemptFixture(db);
    const cursors = await Promise.all([open(fixture, {}), open(fixture, {}), open(fixture, {})]);
    expect(new Set(cursors.map((cursor) => cursor.fileId)).size).toBe(1);
  });
});

describe("appendBytes on answers", () => {
  it("stores whole lines, later ones over earlier ones, and keeps a score", async () => {
    const { runId, nodeId, lease } = await createAttemptFixture(db);
    expect(nodeId).toBe(lease.nodeId);
    const evaluation = await db.prisma.evaluation.create({
      data: {
        runId,
        name: "e",
        prompts: ["a", "b"],
        models: [{ key: "sft" }],
        settings: {},
        createdBy: "test",
      },
    });
    const attempt = await db.prisma.attempt.create({
      data: { evaluationId: evaluation.id, number: 1, command: {} },
    });
    const answer = (text: string, isComplete: boolean) =>
      `${JSON.stringify({ type: "answer", promptIndex: 0, model: "sft", text, isComplete, durationMs: 12.7 })}\n`;
    const score = `${JSON.stringify({ type: "score", promptIndex: 0, model: "sft", rewardScore: 1.5 })}\n`;
    const content = Buffer.from(
      `${answer("He\u0000", false)}not json\n${score}${answer("Hello é", true)}{"type":"done"}\n`,
    );
    const file = remote(content, "answers", "answers.jsonl");
    const cursor = await openFile(db, lease, file.seen(attempt.id));
    const result = await appendBytes(db, lease, cursor, file.input(0, content.length - 20));
    const rest =
      result && (await appendBytes(db, lease, result.cursor, file.input(result.cursor.offset, 9999)));
    expect(rest?.cursor).toMatchObject({ offset: content.length, corruptRecords: 1 });
    expect(rest?.progress).toEqual({ stepsDone: 1, stepsTotal: 2 });
    const stored = await db.prisma.answer.findMany({ where: { evaluationId: evaluation.id } });
    expect(stored).toMatchObject([{ text: "Hello é", isComplete: true, rewardScore: 1.5, durationMs: 13 }]);
  });
});
