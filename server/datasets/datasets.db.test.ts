import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Context } from "../context";
import { MAX_DATA_FILE_BYTES } from "../contracts/data-facts";
import type { CreateDataSetQuery } from "../contracts/data-sets";
import { type Database, inTransaction } from "../db";
import { isAppError } from "../errors";
import { createTestNode, runInput } from "../runs/run-fixtures";
import { createTestDatabase, testContext } from "../testing/database";
import {
  createDataSet,
  deleteDataSet,
  exportDataSet,
  getDataSet,
  holdUploaded,
  listDataRows,
  listDataSets,
} from "./index";

let db: Database;
let ctx: Context;
beforeAll(async () => {
  db = await createTestDatabase();
  ctx = testContext(db);
});
afterAll(() => db.close());

const pairs = (count: number, word = "w") =>
  Array.from({ length: count }, (_, i) => ({
    prompt: `Human: ${word} ${i}? Assistant:`,
    chosen: `yes ${i}`,
    rejected: `no ${i}`,
  }));
const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  // Cut in the middle of characters and lines, as a network does.
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

function upload(name: string, text: string, options: Partial<CreateDataSetQuery> = {}) {
  return createDataSet({ ctx, input: { name, fileName: "rows.jsonl", ...options, bytes: bytesOf(text) } });
}

async function refusal(promise: Promise<unknown>) {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isAppError(error)) throw new Error(`not refused: ${String(error)}`);
  return error;
}

/** While another transaction holds a lock, as a migration or a slow statement does. */
function whileLocked(lock: string, work: () => Promise<void>): Promise<void> {
  return inTransaction(db.pool, async (client) => {
    await client.query(lock);
    await work();
  });
}

async function exported(id: string, part: "train" | "eval", version?: number): Promise<string> {
  const { bytes } = await exportDataSet({ ctx, input: { id, part, ...(version ? { version } : {}) } });
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

describe("an upload", () => {
  it("stores every row exactly once, split by prompt, and answers with what was found", async () => {
    const rows = pairs(500, "ünïcode 你好");
    const { id, versions } = await upload("all-rows", lines(rows), { evalPercent: 20 });
    const [version] = versions;
    expect(version).toMatchObject({
      number: 1,
      hasPairs: true,
      format: "jsonl",
      evalPercent: 20,
      seed: 1234,
    });
    expect(version?.reference).toBe(`dataset:all-rows@${version?.contentHash.slice(0, 12)}`);
    const parts = await Promise.all([exported(id, "train"), exported(id, "eval")]);
    const stored = parts.map((part) =>
      part
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    );
    expect(stored.map((part) => part.length)).toEqual([version?.trainCount, version?.evalCount]);
    const byPrompt = (a: { prompt: string }, b: { prompt: string }) => (a.prompt < b.prompt ? -1 : 1);
    expect(stored.flat().sort(byPrompt)).toEqual(rows.toSorted(byPrompt));
  });

  it("of the same rows is the same version; of other rows or another split it is the next", async () => {
    const first = await upload("versions", lines(pairs(50)));
    expect((await upload("versions", lines(pairs(50)))).versions).toEqual(first.versions);
    await upload("versions", lines(pairs(51)));
    const third = await upload("versions", lines(pairs(50)), { seed: 7 });
    expect(third.versions.map(({ number }) => number)).toEqual([3, 2, 1]);
    expect(new Set(third.versions.map(({ contentHash }) => contentHash)).size).toBe(3);
  });

  it("two at once with one name become two versions", async () => {
    await Promise.all([upload("at-once", lines(pairs(40, "a"))), upload("at-once", lines(pairs(40, "b")))]);
    const { items } = await listDataSets({ ctx, input: { q: "at-once" } });
    expect(items).toMatchObject([{ name: "at-once", versionCount: 2, newest: { number: 2 } }]);
  });

  it("is listed by its newest version alone: reports are not read for it", async () => {
    for (const count of [30, 40, 50]) await upload("listed", lines(pairs(count)));
    await db.pool.query(
      `UPDATE data_set_version SET report = '{}' WHERE data_set_id = (SELECT id FROM data_set WHERE name = 'listed')`,
    );
    const { items } = await listDataSets({ ctx, input: { q: "listed" } });
    expect(items).toMatchObject([{ name: "listed", versionCount: 3, newest: { number: 3, hasPairs: true } }]);
    expect(items[0]).not.toHaveProperty("newest.report");
  });

  it("that is refused leaves what was there as it was, and nothing of itself", async () => {
    const before = await upload("refused", lines(pairs(30)));
    const error = await refusal(upload("refused", `${lines(pairs(30))}{"prompt": 1\n`));
    expect(error.code).toBe("VALIDATION");
    expect(error.message).toMatch(/^file, line 31: /);
    expect(await getDataSet({ ctx, input: { id: before.id } })).toEqual(before);
    await refusal(upload("never-there", "x\n"));
    expect((await listDataSets({ ctx, input: { q: "never-there" } })).items).toEqual([]);
    const orphans = await db.pool.query(
      "SELECT 1 FROM data_set_chunk c LEFT JOIN data_set_version v ON v.id = c.version_id WHERE v.id IS NULL",
    );
    expect(orphans.rowCount).toBe(0);
  });

  it("past the size limit is refused with the limit, without reading on", async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      const piece = Buffer.alloc(8_388_608, "x");
      for (;;) {
        read += piece.length;
        yield piece;
      }
    }
    const input = { name: "large", fileName: "a.jsonl", bytes: endless() };
    const error = await refusal(createDataSet({ ctx, input }));
    expect([error.code, error.message]).toEqual(["LIMIT", "The file is larger than 256 MiB."]);
    expect(read).toBeLessThanOrEqual(MAX_DATA_FILE_BYTES + 8_388_608);
  });

  it("with too few rows for both parts says what to change", async () => {
    const error = await refusal(upload("few", lines(pairs(1))));
    expect(error.message).toMatch(/^evalPercent: 10 % of 1 rows leave none for evaluation/);
  });
});

describe("locks", () => {
  it("a file is read and checked before the database is asked for anything", async () => {
    await whileLocked("LOCK TABLE data_set IN ACCESS EXCLUSIVE MODE", async () => {
      const error = await refusal(upload("locked", `${lines(pairs(30))}{"prompt": 1\n`));
      expect(error.message).toMatch(/^file, line 31: /);
    });
  });

  it("a run that uses one version does not wait until the next is stored", async () => {
    const first = await upload("busy", lines(pairs(30)));
    const reference = first.versions[0]?.reference ?? "";
    let next: Promise<unknown> = Promise.resolve();
    await whileLocked("LOCK TABLE data_set_chunk IN SHARE MODE", async () => {
      next = upload("busy", lines(pairs(40)));
      await vi.waitUntil(async () => {
        const waiting = "SELECT 1 FROM pg_locks WHERE relation = 'data_set_chunk'::regclass AND NOT granted";
        return (await db.pool.query(waiting)).rowCount === 1;
      });
      const held = await inTransaction(db.pool, async (client) => {
        await client.query("SET LOCAL lock_timeout = '500ms'");
        return holdUploaded(client, [reference]);
      });
      expect(held).toMatchObject([{ reference }]);
    });
    expect(await next).toMatchObject({ versions: [{ number: 2 }, { number: 1 }] });
  });
});

describe("rows", () => {
  it("are read page by page across chunks, in their order", async () => {
    const rows = pairs(3000).map((row) => ({ ...row, chosen: `${row.chosen} ${"x".repeat(1000)}` }));
    const { id, versions } = await upload("paged", lines(rows));
    const total = versions[0]?.trainCount ?? 0;
    const all = (await exported(id, "train"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const chunks = await db.pool.query(
      "SELECT 1 FROM data_set_chunk WHERE version_id = $1 AND part = 'train'",
      [versions[0]?.id],
    );
    expect(chunks.rowCount).toBeGreaterThan(2);
    for (const offset of [0, 1000, 1009, total - 7, total, total + 5]) {
      const page = await listDataRows({ ctx, input: { id, offset, limit: 50 } });
      expect(page).toEqual({ total, offset, rows: all.slice(offset, offset + 50) });
    }
  });

  it("of single answers have no rejected column", async () => {
    const { id, versions } = await upload(
      "single",
      lines(pairs(40).map(({ prompt, chosen }) => ({ prompt, chosen }))),
    );
    expect(versions[0]).toMatchObject({ hasPairs: false, report: { tokens: { rejected: null } } });
    expect(await exported(id, "train")).not.toContain("rejected");
    expect((await listDataRows({ ctx, input: { id, limit: 1 } })).rows[0]?.rejected).toBeNull();
  });
});

describe("deleting", () => {
  it("is refused while a run that has not ended uses it, names the run, and works afterwards", async () => {
    const { id, versions } = await upload("used", lines(pairs(40)));
    await upload("used-2", lines(pairs(40)));
    const { nodeId } = await createTestNode(ctx);
    const { idempotencyKey, parameters } = runInput(nodeId);
    parameters.stages.sft.fields.data_path = [versions[0]?.reference ?? ""];
    const run = await db.prisma.run.create({
      data: {
        name: "night run",
        recipe: "deepspeed-chat",
        parameters,
        nodeId,
        createdBy: "ann",
        idempotencyKey,
      },
    });
    const error = await refusal(deleteDataSet({ ctx, input: { id } }));
    expect([error.code, error.message]).toEqual([
      "CONFLICT",
      "used is used by runs that have not ended: night run.",
    ]);
    await db.prisma.run.update({ where: { id: run.id }, data: { status: "failed" } });
    await deleteDataSet({ ctx, input: { id } });
    expect((await refusal(getDataSet({ ctx, input: { id } }))).code).toBe("NOT_FOUND");
    const left = await db.pool.query("SELECT 1 FROM data_set_chunk WHERE version_id = $1", [versions[0]?.id]);
    expect(left.rowCount).toBe(0);
  });
});
