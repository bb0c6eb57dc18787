import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { TELEMETRY_FIELDS, type TelemetryTick } from "../contracts/telemetry";
import type { Database } from "../db";
import { createLogger } from "../log";
import { acquireLease, type NodeLease, releaseLease } from "../nodes/lease";
import { createTestDatabase, testContext } from "../testing/database";
import { fakeTicks, gpuUuid } from "../testing/telemetry-ticks";
import { closeHours, closeMinutes } from "./close-minutes";
import { newestTicks } from "./newest-ticks";
import { pruneTelemetry } from "./prune-telemetry";
import { TelemetryWriter } from "./telemetry-writer";
import { decodeTicks } from "./tick-codec";

const MINUTE = 60_000;
const HOUR = 3_600_000;
/** The beginning of an hour. */
const START = Date.UTC(2026, 0, 5, 10);

let db: Database;
let nodeId: string;
let lease: NodeLease;
let writer: TelemetryWriter;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  await db.close();
});
beforeEach(async () => {
  nodeId = randomUUID();
  await db.prisma.node.create({
    data: { id: nodeId, name: nodeId, host: "10.0.0.1", username: "u", authMethod: "password" },
  });
  lease = await leaseFor(nodeId);
  writer = new TelemetryWriter(db.pool, createLogger("test", "fatal"));
});

async function leaseFor(id: string): Promise<NodeLease> {
  const acquired = await acquireLease(db.pool, id, "worker-a");
  if (!acquired) throw new Error("no lease");
  return acquired;
}

async function store(ticks: readonly TelemetryTick[]): Promise<void> {
  for (const tick of ticks) writer.push(tick, lease);
  await writer.flush();
}

async function waitingForLocks(): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows[0]?.count ?? 0;
}

async function storedTicks(): Promise<TelemetryTick[]> {
  const { rows } = await db.pool.query<{ payload: Buffer }>(
    "SELECT payload FROM telemetry_tick WHERE node_id = $1 ORDER BY sampled_at",
    [nodeId],
  );
  return rows.flatMap(({ payload }) => decodeTicks(nodeId, payload));
}

async function storedChunks(): Promise<TelemetryTick[]> {
  const { rows } = await db.pool.query<{ payload: Buffer }>(
    "SELECT payload FROM telemetry_chunk WHERE node_id = $1 ORDER BY minute",
    [nodeId],
  );
  return rows.flatMap(({ payload }) => decodeTicks(nodeId, payload));
}

const everything = (before: number) => ({ before, since: 0, nodeIds: null });
const someTicks = (count: number, options: { nullShare?: number; from?: number; seed?: number } = {}) =>
  fakeTicks({ nodeId, from: START, count, gpus: 2, ...options });

describe("the writer", () => {
  it("stores every tick as it was", async () => {
    const ticks = someTicks(50, { nullShare: 0.2 });
    await store(ticks);
    expect(await storedTicks()).toEqual(ticks);
  });

  it("stores a tick once, however often it is handed over", async () => {
    const ticks = someTicks(20);
    await store(ticks);
    await store(ticks);
    await Promise.all([store(ticks), store(ticks)]);
    expect(await storedTicks()).toEqual(ticks);
  });

  it("stores many nodes in one insert", async () => {
    const other = randomUUID();
    const otherLease = await leaseFor(other);
    const [tick] = someTicks(1);
    if (!tick) throw new Error("no tick");
    writer.push(tick, lease);
    writer.push({ ...tick, nodeId: other }, otherLease);
    await writer.flush();
    const newest = await newestTicks({
      ctx: testContext(db),
      input: { nodeIds: [nodeId, other, randomUUID()] },
    });
    expect(newest).toEqual([tick, { ...tick, nodeId: other }]);
  });

  it("stores by itself, without being asked", async () => {
    for (const tick of someTicks(3)) writer.push(tick, lease);
    await expect.poll(async () => (await storedTicks()).length).toBe(3);
  });

  it("stores nothing once the lease is gone", async () => {
    await store(someTicks(5));
    await releaseLease(db.pool, lease);
    await store(someTicks(10));
    expect(await storedTicks()).toHaveLength(5);
  });

  it("stores nothing for a lease that is being taken over while it stores", async () => {
    const taker = await db.pool.connect();
    await taker.query("BEGIN");
    await taker.query("UPDATE node_lease SET owner = 'worker-b' WHERE node_id = $1", [nodeId]);
    const stored = store(someTicks(3));
    await expect.poll(() => waitingForLocks()).toBe(1);
    await taker.query("COMMIT");
    taker.release();
    await stored;
    expect(await storedTicks()).toEqual([]);
  });

  it("stores nothing for a lease that somebody else took over", async () => {
    await releaseLease(db.pool, lease);
    const taken = await acquireLease(db.pool, nodeId, "worker-b");
    expect(taken?.epoch).toBe(lease.epoch + 1n);
    await store(someTicks(5));
    expect(await storedTicks()).toEqual([]);
  });

  it("keeps ticks while the database refuses them, and stores them afterwards", async () => {
    const ticks = someTicks(30);
    await db.pool.query("ALTER TABLE telemetry_tick RENAME TO telemetry_tick_away");
    await store(ticks);
    expect(writer.oldestPendingAt()).toBe(ticks[0]?.at);
    await db.pool.query("ALTER TABLE telemetry_tick_away RENAME TO telemetry_tick");
    await expect.poll(() => writer.oldestPendingAt()).toBe(null);
    expect(await storedTicks()).toEqual(ticks);
  });

  it("has the last ten minutes in memory", async () => {
    const ticks = someTicks(800);
    for (const tick of ticks) writer.push(tick, lease);
    expect(writer.newest(nodeId)).toEqual(ticks.at(-1));
    const recent = writer.recent(nodeId);
    expect(recent).toEqual(ticks.slice(-recent.length));
    expect((ticks.at(-1)?.at ?? 0) - (recent[0]?.at ?? 0)).toBeGreaterThanOrEqual(599_000);
    expect(recent.length).toBeLessThan(700);
    await writer.flush();
  });
});

describe("a closed minute", () => {
  it("holds every reading, exactly", async () => {
    const ticks = someTicks(150, { nullShare: 0.1 });
    await store(ticks);
    await closeMinutes(db.pool, everything(START + 150_000));
    expect(await storedChunks()).toEqual(ticks.filter(({ at }) => at < START + 2 * MINUTE));
  });

  it("is closed once", async () => {
    await store(someTicks(120));
    expect(await closeMinutes(db.pool, everything(START + 10 * MINUTE))).toBeGreaterThan(0);
    expect(await closeMinutes(db.pool, everything(START + 10 * MINUTE))).toBe(0);
  });

  it("is closed by two workers at once as if by one", async () => {
    const ticks = someTicks(300);
    await store(ticks);
    await Promise.all([1, 2, 3].map(() => closeMinutes(db.pool, everything(START + 10 * MINUTE))));
    expect(await storedChunks()).toEqual(ticks);
  });

  it("is closed again when rows came late", async () => {
    const ticks = someTicks(60);
    await store(ticks.slice(0, 40));
    await closeMinutes(db.pool, everything(START + 2 * MINUTE));
    await store(ticks.slice(40));
    await closeMinutes(db.pool, everything(START + 2 * MINUTE));
    expect(await storedChunks()).toEqual(ticks);
    const rollups = await rollupsOf(60);
    expect(rollups[0]).toMatchObject({ sampleCount: ticks.filter(({ at }) => at < START + MINUTE).length });
  });

  it("of chosen nodes only leaves the others open", async () => {
    await store(someTicks(60));
    await closeMinutes(db.pool, { before: START + HOUR, since: START, nodeIds: [randomUUID()] });
    expect(await storedChunks()).toEqual([]);
    await closeMinutes(db.pool, { before: START + HOUR, since: START, nodeIds: [nodeId] });
    expect(await storedChunks()).toHaveLength(60);
  });
});

interface StoredRollup {
  gpuUuid: string;
  at: number;
  sampleCount: number;
  min: (number | null)[];
  mean: (number | null)[];
  max: (number | null)[];
}
async function rollupsOf(bucketSeconds: number): Promise<StoredRollup[]> {
  const { rows } = await db.pool.query<StoredRollup>(
    `SELECT gpu_uuid AS "gpuUuid", (extract(epoch FROM at) * 1000)::float8 AS at, sample_count AS "sampleCount", min, mean, max
     FROM telemetry_rollup WHERE node_id = $1 AND bucket_seconds = $2 AND gpu_uuid <> 'host' ORDER BY at, gpu_uuid`,
    [nodeId, bucketSeconds],
  );
  return rows;
}

/** The plain way: filter, then loop. */
function naiveRollups(ticks: readonly TelemetryTick[], bucketSeconds: number): StoredRollup[] {
  const starts = [
    ...new Set(ticks.map(({ at }) => Math.floor(at / 1000 / bucketSeconds) * bucketSeconds * 1000)),
  ];
  return starts.flatMap((at) =>
    [0, 1].map((gpu) => {
      const inside = ticks.filter((tick) => tick.at >= at && tick.at < at + bucketSeconds * 1000);
      const columns = TELEMETRY_FIELDS.map((_, field) =>
        inside.flatMap((tick) => tick.values[field]?.[gpu] ?? []),
      );
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      return {
        gpuUuid: gpuUuid(gpu),
        at,
        sampleCount: inside.length,
        min: columns.map((values) => (values.length === 0 ? null : Math.min(...values))),
        mean: columns.map((values) => (values.length === 0 ? null : mean(values))),
        max: columns.map((values) => (values.length === 0 ? null : Math.max(...values))),
      };
    }),
  );
}

describe("rollups", () => {
  it("of minutes equal a plain computation", async () => {
    const ticks = someTicks(240, { nullShare: 0.4 });
    await store(ticks);
    await closeMinutes(db.pool, everything(START + HOUR));
    expect(await rollupsOf(60)).toEqual(naiveRollups(ticks, 60));
  });

  it("of hours equal a plain computation over all readings", async () => {
    const ticks = fakeTicks({ nodeId, from: START, count: 1500, gpus: 2, nullShare: 0.4, everyMs: 4000 });
    await store(ticks);
    await closeMinutes(db.pool, everything(START + 3 * HOUR));
    await closeHours(db.pool, everything(START + 3 * HOUR));
    expect(await closeHours(db.pool, everything(START + 3 * HOUR))).toBe(0);
    expect(await rollupsOf(3600)).toEqual(naiveRollups(ticks, 3600));
  });

  it("of an hour that is not over do not exist", async () => {
    await store(someTicks(120));
    await closeMinutes(db.pool, everything(START + HOUR - 1));
    await closeHours(db.pool, everything(START + HOUR - 1));
    expect(await rollupsOf(3600)).toEqual([]);
  });
});

describe("pruning", () => {
  it("deletes rows above an hour only when their minute is closed", async () => {
    const ticks = someTicks(180);
    await store(ticks);
    await pruneTelemetry(db.pool, START + 3 * HOUR);
    expect(await storedTicks()).toEqual(ticks);
    await closeMinutes(db.pool, everything(START + 2 * MINUTE));
    await pruneTelemetry(db.pool, START + 3 * HOUR);
    expect(await storedTicks()).toEqual(ticks.filter(({ at }) => at >= START + 2 * MINUTE));
    await pruneTelemetry(db.pool, START + HOUR);
    expect(await storedChunks()).toEqual(ticks.filter(({ at }) => at < START + 2 * MINUTE));
  });

  it("deletes chunks above 24 hours and minutes above 30 days, and keeps hours", async () => {
    await store(someTicks(60));
    await closeMinutes(db.pool, everything(START + HOUR));
    await closeHours(db.pool, everything(START + HOUR));
    await pruneTelemetry(db.pool, START + 25 * HOUR);
    expect(await storedChunks()).toEqual([]);
    expect(await rollupsOf(60)).not.toEqual([]);
    await pruneTelemetry(db.pool, START + 31 * 24 * HOUR);
    expect(await rollupsOf(60)).toEqual([]);
    expect(await rollupsOf(3600)).toHaveLength(2);
  });
});

it("the newest tick carries the newest process list", async () => {
  const [first, second, third] = someTicks(3);
  if (!first || !second || !third) throw new Error("no ticks");
  const processes = [
    { pid: 7, name: "python3", user: "u", memoryMiB: 512, gpuUuid: gpuUuid(0), attemptId: randomUUID() },
  ];
  await store([first, { ...second, processes }, third]);
  expect(await newestTicks({ ctx: testContext(db), input: { nodeIds: [nodeId] } })).toEqual([
    { ...third, processes },
  ]);
});
