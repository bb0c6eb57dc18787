import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  SamplesResult,
  TELEMETRY_FIELDS,
  type TelemetryField,
  type TelemetryTick,
} from "../contracts/telemetry";
import type { Database } from "../db";
import { createLogger } from "../log";
import { acquireLease, type NodeLease } from "../nodes/lease";
import { createTestDatabase, testContext } from "../testing/database";
import { fakeTicks, gpuUuid } from "../testing/telemetry-ticks";
import { closeHours, closeMinutes } from "./close-minutes";
import { pruneTelemetry } from "./prune-telemetry";
import { readSamples } from "./read-samples";
import { TelemetryWriter } from "./telemetry-writer";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 5, 10);
/** In the middle of a minute, five and a half hours later: hours, minutes, chunks and rows all have a part. */
const NOW = START + 5.5 * HOUR + 31_500;
const FIELDS: TelemetryField[] = ["utilizationGpuPercent", "memoryUsedMiB", "powerDrawW"];

let db: Database;
let nodeId: string;
let lease: NodeLease;
let ticks: TelemetryTick[];

async function storeAll(all: readonly TelemetryTick[]): Promise<void> {
  const writer = new TelemetryWriter(db.pool, createLogger("test", "fatal"));
  for (const tick of all) writer.push(tick, lease);
  await writer.flush();
}

beforeAll(async () => {
  db = await createTestDatabase();
  nodeId = randomUUID();
  await db.prisma.node.create({
    data: { id: nodeId, name: "n", host: "10.0.0.1", username: "u", authMethod: "password" },
  });
  const acquired = await acquireLease(db.pool, nodeId, "worker-a");
  if (!acquired) throw new Error("no lease");
  lease = acquired;
  const whole = fakeTicks({ nodeId, from: START, count: 9950, gpus: 2, everyMs: 2000, nullShare: 0 });
  // The node was away for 40 minutes, and for 20 seconds just now.
  ticks = whole.filter(
    ({ at }) =>
      at <= NOW &&
      !(at > START + 2 * HOUR && at < START + 2 * HOUR + 2_400_000) &&
      !(at > NOW - 60_000 && at < NOW - 40_000),
  );
  await storeAll(ticks);
  await closeMinutes(db.pool, { before: NOW, since: 0, nodeIds: null });
  await closeHours(db.pool, { before: NOW, since: 0, nodeIds: null });
  await pruneTelemetry(db.pool, NOW);
});
afterAll(async () => {
  await db.close();
});

function read(input: { from: number; to: number; points: number; fields?: string }): Promise<SamplesResult> {
  const ctx = testContext(db, { now: () => new Date(NOW) });
  const range = { from: new Date(input.from).toISOString(), to: new Date(input.to).toISOString() };
  return readSamples({ ctx, input: { nodeId, fields: FIELDS.join(","), ...input, ...range } });
}

const valuesAt = (tick: TelemetryTick, field: TelemetryField, gpu: number) =>
  tick.values[TELEMETRY_FIELDS.indexOf(field)]?.[gpu] ?? null;

describe("the readings themselves", () => {
  it("are all there, once, across chunks, rows and the minute that is open", async () => {
    const range = { from: NOW - 1.2 * HOUR, to: NOW };
    const result = await read({ ...range, points: 4500 });
    expect(result.bucketSeconds).toBe(1);
    const expected = ticks.filter(({ at }) => at >= range.from && at <= range.to);
    const points = result.times
      .map((time, at) => ({ time, at }))
      .filter(({ at }) => result.gpus[0]?.values.memoryUsedMiB?.[at] !== null);
    expect(points.map(({ time }) => time)).toEqual(expected.map(({ at }) => at));
    for (const field of FIELDS) {
      expect(points.map(({ at }) => result.gpus[1]?.values[field]?.[at])).toEqual(
        expected.map((tick) => valuesAt(tick, field, 1)),
      );
    }
    expect(points.map(({ at }) => result.host?.cpuPercent?.[at])).toEqual(
      expected.map(({ host }) => host?.cpuPercent),
    );
  });

  it("have one null point in a gap", async () => {
    const result = await read({ from: NOW - 90_000, to: NOW, points: 100 });
    const holes = result.times.filter((_, at) => result.gpus[0]?.values.memoryUsedMiB?.[at] === null);
    expect(holes).toHaveLength(1);
    expect(holes[0]).toBeGreaterThan(NOW - 62_500);
    expect(holes[0]).toBeLessThan(NOW - 40_000);
  });

  it("list GPUs in the node's order", async () => {
    await db.prisma.gpu.createMany({
      data: [1, 0].map((gpu, index) => ({ nodeId, uuid: gpuUuid(gpu), index, name: "GPU" })),
    });
    const uuids = async (points: number) =>
      (await read({ from: NOW - 5 * HOUR, to: NOW, points })).gpus.map(({ uuid }) => uuid);
    expect(await uuids(5000)).toEqual([gpuUuid(1), gpuUuid(0)]);
    expect(await uuids(20)).toEqual([gpuUuid(1), gpuUuid(0)]);
    await db.prisma.gpu.deleteMany({ where: { nodeId } });
  });

  it("are the contract's shape", async () => {
    const result = await read({ from: NOW - HOUR, to: NOW, points: 600 });
    expect(SamplesResult.parse(result)).toEqual(result);
    expect(result.gpus.map(({ uuid }) => uuid)).toEqual([gpuUuid(0), gpuUuid(1)]);
  });
});

describe.each([
  { name: "seconds", from: NOW - 1.3 * HOUR, points: 1000, bucketSeconds: 5 },
  { name: "minutes", from: NOW - 5.4 * HOUR, points: 400, bucketSeconds: 60 },
  { name: "five minutes", from: NOW - 5.4 * HOUR, points: 80, bucketSeconds: 300 },
  { name: "hours", from: START - 12 * HOUR, points: 20, bucketSeconds: 3600 },
])("buckets of $name", ({ from, points, bucketSeconds }) => {
  it("equal a plain computation over all readings, with null where there was none", async () => {
    const result = await read({ from, to: NOW, points });
    expect(result.bucketSeconds).toBe(bucketSeconds);
    const bucketMs = bucketSeconds * 1000;
    expect(result.times[0]).toBe(Math.floor(from / bucketMs) * bucketMs);
    expect(result.times.at(-1)).toBe(Math.floor((NOW - 1) / bucketMs) * bucketMs);
    result.times.forEach((time, at) => {
      const inside = ticks.filter((tick) => tick.at >= time && tick.at < time + bucketMs);
      const used = inside.map((tick) => valuesAt(tick, "memoryUsedMiB", 0) ?? Number.NaN);
      const busy = inside.map((tick) => valuesAt(tick, "utilizationGpuPercent", 1) ?? Number.NaN);
      const gpu = (number: number, field: TelemetryField) => result.gpus[number]?.values[field]?.[at];
      if (inside.length === 0) {
        expect(gpu(0, "memoryUsedMiB")).toBe(null);
        expect(gpu(1, "utilizationGpuPercent")).toBe(null);
        expect(result.host?.cpuPercent?.[at]).toBe(null);
      } else {
        expect(
          gpu(0, "memoryUsedMiB"),
          `bucket ${at} of ${result.times.length}, ${inside.length} readings`,
        ).toBe(Math.max(...used));
        expect(gpu(1, "utilizationGpuPercent")).toBeCloseTo(
          busy.reduce((sum, value) => sum + value, 0) / busy.length,
          9,
        );
      }
    });
    expect(result.gpus[0]?.values.memoryUsedMiB).toContain(null);
  });
});

describe("while minutes are being closed", () => {
  it("no reading is missing or there twice", async () => {
    const other = randomUUID();
    await db.prisma.node.create({
      data: { id: other, name: "other", host: "10.0.0.2", username: "u", authMethod: "password" },
    });
    const acquired = await acquireLease(db.pool, other, "worker-a");
    if (!acquired) throw new Error("no lease");
    const writer = new TelemetryWriter(db.pool, createLogger("test", "fatal"));
    const all = fakeTicks({ nodeId: other, from: NOW - HOUR, count: 1800, gpus: 1, everyMs: 2000 });
    for (const tick of all) writer.push(tick, acquired);
    await writer.flush();
    const ctx = testContext(db, { now: () => new Date(NOW) });
    let isClosing = true;
    const closing = closeMinutes(db.pool, { before: NOW, since: 0, nodeIds: [other] }).finally(() => {
      isClosing = false;
    });
    let rounds = 0;
    while (isClosing || rounds === 0) {
      const result = await readSamples({ ctx, input: { nodeId: other, points: 5000 } });
      expect(result.times).toEqual(all.filter(({ at }) => at >= NOW - HOUR && at <= NOW).map(({ at }) => at));
      rounds += 1;
    }
    await closing;
  });
});

describe("what cannot be read", () => {
  it("is refused with the field's name", async () => {
    await expect(read({ from: NOW, to: NOW - 1, points: 100 })).rejects.toMatchObject({ code: "VALIDATION" });
    await expect(read({ from: NOW - HOUR, to: NOW, points: 100, fields: "memory" })).rejects.toMatchObject({
      code: "VALIDATION",
      details: { fields: [{ path: "fields" }] },
    });
  });

  it("is not found for a node that does not exist", async () => {
    await expect(
      readSamples({ ctx: testContext(db), input: { nodeId: randomUUID(), points: 100 } }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("is empty for a node without readings", async () => {
    const empty = randomUUID();
    await db.prisma.node.create({
      data: { id: empty, name: "empty", host: "10.0.0.3", username: "u", authMethod: "password" },
    });
    const result = await readSamples({ ctx: testContext(db), input: { nodeId: empty, points: 100 } });
    expect(result.gpus).toEqual([]);
  });
});
