import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../context";
import type { Database } from "../db";
import { createAttemptFixture } from "../testing/attempt-fixture";
import { createTestDatabase, testContext } from "../testing/database";
import { appendBytes, listLogFiles, openFile, readLog, searchLog, streamLog } from "./index";

let db: Database;
let ctx: Context;
beforeAll(async () => {
  db = await createTestDatabase();
  ctx = testContext(db);
});
afterAll(async () => {
  await db.close();
});

/** An attempt whose log has arrived in the given pieces. */
async function logOf(
  pieces: Buffer[],
  identity = "8:1",
  fixture?: Awaited<ReturnType<typeof createAttemptFixture>>,
) {
  const { attemptId, lease, ...rest } = fixture ?? (await createAttemptFixture(db));
  const whole = Buffer.concat(pieces);
  let cursor = await openFile(db, lease, {
    attemptId,
    path: "training.log",
    kind: "log",
    identity,
    head: whole.subarray(0, 4096),
    size: whole.length,
    read: async (offset, length) => whole.subarray(offset, offset + length),
  });
  for (const bytes of pieces) {
    const input = { bytes, size: whole.length, isComplete: false, observedAt: new Date() };
    cursor = (await appendBytes(db, lease, cursor, input))?.cursor ?? cursor;
  }
  return { attemptId, lease, whole, ...rest };
}

describe("readLog", () => {
  it("returns any range, across stored pieces, and counts a negative offset from the end", async () => {
    const pieces = [1, 999, 3, 300_000, 7].map((size) => randomBytes(size));
    const { attemptId, whole } = await logOf(pieces);
    for (const [offset, length] of [
      [0, 1],
      [0, 1_000_000],
      [999, 5],
      [1003, 262_144],
      [whole.length - 3, 99],
    ]) {
      const slice = await readLog({ ctx, input: { attemptId, offset, length } });
      expect(slice.bytes.equals(whole.subarray(offset, (offset ?? 0) + (length ?? 0)))).toBe(true);
      expect(slice).toMatchObject({ offset, size: whole.length, generation: 0, isComplete: false });
    }
    const tail = await readLog({ ctx, input: { attemptId, offset: -10 } });
    expect(tail.bytes.equals(whole.subarray(-10))).toBe(true);
    expect(await readLog({ ctx, input: { attemptId, offset: 9e9 } })).toMatchObject({ offset: whole.length });
  });

  it("is empty before the log has begun, and NOT_FOUND for an attempt or generation that is not there", async () => {
    const { attemptId } = await createAttemptFixture(db);
    expect(await readLog({ ctx, input: { attemptId } })).toMatchObject({ size: 0, generation: 0 });
    const nobody = { attemptId: "00000000-0000-4000-8000-000000000000" };
    await expect(readLog({ ctx, input: nobody })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(readLog({ ctx, input: { attemptId, generation: 3 } })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  it("shows the newest generation, the older one on request, and lists both", async () => {
    const first = await logOf([Buffer.from("old\n")]);
    const { whole: _, ...fixture } = first;
    await logOf([Buffer.from("new log\n")], "8:2", fixture);
    const { attemptId } = first;
    expect((await readLog({ ctx, input: { attemptId } })).bytes.toString()).toBe("new log\n");
    expect((await readLog({ ctx, input: { attemptId, generation: 0 } })).bytes.toString()).toBe("old\n");
    expect(await listLogFiles({ ctx, input: { attemptId } })).toMatchObject([
      { path: "training.log", generation: 0, offset: 4, createdAt: expect.stringMatching(/^\d{4}-.*Z$/) },
      { path: "training.log", generation: 1, offset: 8 },
    ]);
  });
});

describe("streamLog", () => {
  it("yields the file byte for byte", async () => {
    const pieces = Array.from({ length: 9 }, () => randomBytes(400_000));
    const { attemptId, whole } = await logOf(pieces);
    const stream = await streamLog({ ctx, input: { attemptId } });
    const hash = createHash("sha256");
    for await (const page of stream.bytes) hash.update(page);
    expect(stream.size).toBe(whole.length);
    expect(hash.digest("hex")).toBe(createHash("sha256").update(whole).digest("hex"));
  });
});

describe("searchLog", () => {
  it("finds lines whatever their case and wherever the stored pieces end, with number and offset", async () => {
    const lines = Array.from({ length: 50_000 }, (_, i) =>
      i % 10_000 === 77 ? `Step ${i} Überlauf ERROR` : `step ${i}`,
    );
    const whole = Buffer.from(`${lines.join("\n")}\n`);
    const pieces: Buffer[] = [];
    for (let at = 0; at < whole.length; at += 33_333) pieces.push(whole.subarray(at, at + 33_333));
    const { attemptId } = await logOf(pieces);
    const { matches, isTruncated } = await searchLog({ ctx, input: { attemptId, q: "überlauf error" } });
    expect(isTruncated).toBe(false);
    expect(matches.map((match) => match.line)).toEqual([78, 10_078, 20_078, 30_078, 40_078]);
    for (const { offset, text } of matches)
      expect(whole.toString("utf8", offset, offset + 40)).toContain(text);
  });

  it("says that there are more than the limit", async () => {
    const { attemptId } = await logOf([Buffer.from("same\n".repeat(20))]);
    const result = await searchLog({ ctx, input: { attemptId, q: "SAME", limit: 5 } });
    expect(result.matches).toHaveLength(5);
    expect(result.isTruncated).toBe(true);
  });

  it("finds the last line without its newline, and goes on behind a line of 3 MB", async () => {
    const { attemptId } = await logOf([Buffer.alloc(3_000_000, "x"), Buffer.from("\nneedle")]);
    const { matches } = await searchLog({ ctx, input: { attemptId, q: "needle" } });
    expect(matches).toEqual([{ offset: 3_000_001, line: 2, text: "needle" }]);
  });
});
