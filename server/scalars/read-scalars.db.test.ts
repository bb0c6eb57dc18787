import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Context } from "../context";
import { ScalarsResult } from "../contracts/attempts";
import type { StageKind } from "../contracts/statuses";
import { type Database, inTransaction } from "../db";
import { createAttemptFixture } from "../testing/attempt-fixture";
import { createTestDatabase, testContext } from "../testing/database";
import { insertScalars, readHeadlines, readScalars } from "./index";

let db: Database;
let ctx: Context;
beforeAll(async () => {
  db = await createTestDatabase();
  ctx = testContext(db);
});
afterAll(async () => {
  await db.close();
});

interface Series {
  tag: string;
  source?: "log" | "events";
  values: number[];
  wallTime?: number;
}

async function attemptWith(series: Series[], kind: "sft" | "reward" | "ppo" = "sft") {
  const fixture = await createAttemptFixture(db, { kind });
  const { attemptId } = fixture;
  const file = await db.prisma.nodeFile.create({
    data: { attemptId, path: "f", kind: "log", identity: "1" },
  });
  const add = async (more: Series[], from = 1) => {
    for (const { tag, source = "log", values, wallTime = Number.NaN } of more) {
      const steps = values.map((_, i) => i + from);
      const wallTimes = values.map(() => wallTime);
      const group = { tag, sourceTag: tag, length: values.length, steps, values, wallTimes, offsets: steps };
      const target = { attemptId, fileId: file.id, source };
      await inTransaction(db.pool, (client) => insertScalars(client, target, [group]));
    }
  };
  await add(series);
  return { attemptId, add };
}

describe("readScalars", () => {
  it("returns columns in the order of steps, NaN and infinities as strings, no wall time as null", async () => {
    const { attemptId } = await attemptWith([
      { tag: "loss", values: [3, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1] },
      { tag: "lr", source: "events", values: [1], wallTime: 1_700_000_000.25 },
    ]);
    const result = await readScalars({ ctx, input: { attemptId } });
    expect(ScalarsResult.parse(result)).toEqual(result);
    expect(result.series).toMatchObject([
      {
        tag: "loss",
        source: "log",
        steps: [1, 2, 3, 4, 5],
        values: [3, "NaN", "Infinity", "-Infinity", 0.1],
        wallTimes: [null, null, null, null, null],
        pointCount: 5,
        isReduced: false,
      },
      { tag: "lr", source: "events", wallTimes: [1_700_000_000.25] },
    ]);
  });

  it("reduces a long series and keeps its spikes and its NaN", async () => {
    const values = Array.from({ length: 150_000 }, (_, i) => Math.sin(i / 900));
    const spikes = [0, 65_535, 99_999, 149_999];
    for (const at of spikes) values[at] = 50 + at;
    values[70_000] = Number.NaN;
    const { attemptId } = await attemptWith([{ tag: "loss", values }]);
    const { series } = await readScalars({ ctx, input: { attemptId, points: 500 } });
    expect(series[0]).toMatchObject({ pointCount: 150_000, isReduced: true });
    expect(series[0]?.steps.length).toBeLessThan(510);
    for (const at of spikes) expect(series[0]?.values[series[0].steps.indexOf(at + 1)]).toBe(50 + at);
    expect(series[0]?.values[series[0].steps.indexOf(70_001)]).toBe("NaN");
    expect(series[0]?.steps).toEqual([...(series[0]?.steps ?? [])].sort((a, b) => a - b));
  });

  it("returns only what is new of the series that the reader has, whole, and others from the start", async () => {
    const { attemptId, add } = await attemptWith([{ tag: "loss", values: [1, 2, 3] }]);
    const first = await readScalars({ ctx, input: { attemptId } });
    await add([{ tag: "loss", values: [4, 5] }], 4);
    await add([{ tag: "lr", values: [9] }]);
    const after = `${first.series[0]?.seriesId}:3`;
    const { series } = await readScalars({ ctx, input: { attemptId, after } });
    expect(series.map(({ tag, steps }) => [tag, steps])).toEqual([
      ["loss", [4, 5]],
      ["lr", [1]],
    ]);
    await expect(readScalars({ ctx, input: { attemptId, after: "x" } })).rejects.toMatchObject({
      code: "VALIDATION",
    });
  });

  it("filters by tag, puts the event file's series before the log's, and knows a missing attempt from an empty one", async () => {
    const { attemptId } = await attemptWith([
      { tag: "loss", source: "log", values: [1] },
      { tag: "loss", source: "events", values: [2] },
      { tag: "lr", values: [3] },
    ]);
    const { series } = await readScalars({ ctx, input: { attemptId, tags: "loss" } });
    expect(series.map(({ tag, source }) => [tag, source])).toEqual([
      ["loss", "events"],
      ["loss", "log"],
    ]);
    const empty = await createAttemptFixture(db);
    expect(await readScalars({ ctx, input: { attemptId: empty.attemptId } })).toEqual({ series: [] });
    const nobody = { attemptId: "00000000-0000-4000-8000-000000000000" };
    await expect(readScalars({ ctx, input: nobody })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("tells how many samples a step stands for, where the steps are the training's", async () => {
    const { attemptId } = await attemptWith([
      { tag: "loss", values: [1] },
      { tag: "Train/Samples/lr", source: "events", values: [1] },
      { tag: "their/own", source: "events", values: [1] },
    ]);
    const samples = async () => {
      const { series } = await readScalars({ ctx, input: { attemptId } });
      return series.map(({ tag, samplesPerStep }) => [tag, samplesPerStep]);
    };
    expect(await samples()).toEqual([
      ["Train/Samples/lr", null],
      ["loss", null],
      ["their/own", null],
    ]);
    const { stage, ...attempt } = await db.prisma.attempt.findUniqueOrThrow({
      where: { id: attemptId },
      include: { stage: { include: { run: true } } },
    });
    const nodeId = stage?.run.nodeId ?? "";
    await db.prisma.placement.create({
      data: { attemptId: attempt.id, rank: 0, nodeId, gpuUuids: ["GPU-0", "GPU-1"] },
    });
    const fields = { per_device_train_batch_size: 4, gradient_accumulation_steps: 2 };
    const parameters = { stages: { sft: { fields, env: {}, gpuCount: 2, gpuUuids: [] } } };
    await db.prisma.run.update({ where: { id: stage?.runId ?? "" }, data: { parameters } });
    expect(await samples()).toEqual([
      ["Train/Samples/lr", 16],
      ["loss", 16],
      ["their/own", null],
    ]);
  });

  it("stores a point once, however often it is read", async () => {
    const { attemptId, add } = await attemptWith([{ tag: "loss", values: [1, 2] }]);
    await add([{ tag: "loss", values: [1, 2] }]);
    expect((await readScalars({ ctx, input: { attemptId } })).series[0]?.pointCount).toBe(2);
  });
});

describe("headlines", () => {
  const headlineOf = async (attemptId: string, kind: StageKind) =>
    (await readHeadlines(ctx, [{ attemptId, kind }])).get(attemptId) ?? null;

  it("are none before the first scalar, then follow the series", async () => {
    const { attemptId, add } = await attemptWith([], "ppo");
    expect(await headlineOf(attemptId, "ppo")).toBeNull();
    await add([{ tag: "ppo/reward", values: [-1, 0.5] }]);
    expect(await headlineOf(attemptId, "ppo")).toEqual({
      tag: "ppo/reward",
      first: -1,
      last: 0.5,
      spark: [-1, 0.5],
    });
    await add([{ tag: "ppo/reward", values: [Number.NaN] }], 3);
    expect(await headlineOf(attemptId, "ppo")).toMatchObject({ first: -1, last: null, spark: [-1, 0.5] });
  });

  it("show the loss while sft runs and the perplexity when it has ended, in at most 60 values", async () => {
    const { attemptId } = await attemptWith([
      { tag: "loss", values: Array.from({ length: 1000 }, (_, i) => 5 - i / 250) },
      { tag: "eval/perplexity", values: [4998.3, 1.81] },
    ]);
    const running = await headlineOf(attemptId, "sft");
    expect(running).toMatchObject({ tag: "loss", first: 5, last: 5 - 999 / 250 });
    const spark = (running?.spark ?? []).map(Number);
    expect(spark.length).toBeGreaterThan(50);
    expect(spark.length).toBeLessThanOrEqual(60);
    expect([spark[0], spark.at(-1)]).toEqual([5, 5 - 999 / 250]);
    expect(spark.toSorted((a, b) => b - a)).toEqual(spark);
    await db.prisma.attempt.update({ where: { id: attemptId }, data: { status: "succeeded" } });
    expect(await headlineOf(attemptId, "sft")).toMatchObject({
      tag: "eval/perplexity",
      first: 4998.3,
      last: 1.81,
    });
  });

  it("of a whole page take two queries, and one while nothing has moved", async () => {
    const owners = [];
    for (let n = 0; n < 6; n++) {
      const { attemptId } = await attemptWith([{ tag: "loss", values: [3 + n, 2 + n] }]);
      owners.push({ attemptId, kind: "sft" as const });
    }
    const query = vi.spyOn(db.pool, "query");
    const found = await readHeadlines(ctx, owners);
    expect(owners.map(({ attemptId }) => found.get(attemptId)?.last)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(query).toHaveBeenCalledTimes(2);
    expect(await readHeadlines(ctx, owners)).toEqual(found);
    expect(query).toHaveBeenCalledTimes(3);
    query.mockRestore();
  });
});
