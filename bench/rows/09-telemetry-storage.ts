import type pg from "pg";
import { TELEMETRY_FIELDS, type TelemetryTick } from "../../server/contracts/telemetry";
import { createLogger } from "../../server/log";
import type { NodeLease } from "../../server/nodes/lease";
import { closeMinutes, TelemetryWriter } from "../../server/telemetry";
import { fakeTicks } from "../../server/testing/telemetry-ticks";
import { type BenchDatabase, openBenchDatabase } from "../bench-database";
import { absoluteFigure, type BenchRow, type Figure, milliseconds, ratioFigure } from "../bench-row";
import { measureInTurn } from "../measure";

const NODES = 100;
const GPUS = 8;
const MINUTES = 5;
const PASSES = 40;
const VALUES_PER_TICK = GPUS * TELEMETRY_FIELDS.length + 8;
const START = Date.UTC(2026, 0, 5, 10);

/** What one would write first: a row per GPU and second, six values. */
const PLAIN_TABLE = `CREATE TABLE plain_sample (node_id uuid, gpu smallint, at timestamptz,
  u real, m real, used real, t real, w real, c real, PRIMARY KEY (node_id, gpu, at))`;
const PLAIN_FIELDS = [
  "utilizationGpuPercent",
  "utilizationMemoryPercent",
  "memoryUsedMiB",
  "temperatureC",
  "powerDrawW",
  "clockSmMHz",
] as const;

async function insertPlain(pool: pg.Pool, ticks: readonly TelemetryTick[]): Promise<void> {
  const samples = ticks.flatMap((tick) => tick.gpuUuids.map((_, gpu) => ({ tick, gpu })));
  const column = (field: (typeof PLAIN_FIELDS)[number]) => {
    const at = TELEMETRY_FIELDS.indexOf(field);
    return samples.map(({ tick, gpu }) => tick.values[at]?.[gpu] ?? null);
  };
  await pool.query({
    name: "plain",
    text: `INSERT INTO plain_sample SELECT n, g, to_timestamp(a / 1000.0), u, m, x, t, w, c FROM unnest($1::uuid[], $2::smallint[],
      $3::float8[], $4::real[], $5::real[], $6::real[], $7::real[], $8::real[], $9::real[]) AS s (n, g, a, u, m, x, t, w, c)
      ON CONFLICT DO NOTHING`,
    values: [
      samples.map(({ tick }) => tick.nodeId),
      samples.map(({ gpu }) => gpu),
      samples.map(({ tick }) => tick.at),
      ...PLAIN_FIELDS.map(column),
    ],
  });
}

async function sizeOf(pool: pg.Pool, table: string): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>(
    "SELECT pg_total_relation_size($1::regclass) AS bytes",
    [table],
  );
  return Number(rows[0]?.bytes);
}

async function measureStorage(bench: BenchDatabase, leases: readonly NodeLease[]): Promise<Figure> {
  const { pool } = bench.db;
  const writer = new TelemetryWriter(pool, createLogger("bench", "fatal"));
  const count = MINUTES * 60;
  for (const [seed, lease] of leases.entries()) {
    const ticks = fakeTicks({ nodeId: lease.nodeId, from: START, count, gpus: GPUS, seed });
    for (const tick of ticks) writer.push(tick, lease);
    for (let at = 0; at < count; at += 60) await insertPlain(pool, ticks.slice(at, at + 60));
    await writer.flush();
    writer.forget(lease.nodeId);
  }
  await closeMinutes(pool, { before: START + 60 * 60_000, since: START, nodeIds: null });
  const ticks = leases.length * count;
  const perValue = (await sizeOf(pool, "telemetry_chunk")) / (ticks * VALUES_PER_TICK);
  const plain = (await sizeOf(pool, "plain_sample")) / (ticks * GPUS);
  return absoluteFigure({
    what: "a closed minute, table and index",
    figure: `${perValue.toFixed(2)} B a value, ${((perValue * VALUES_PER_TICK) / GPUS).toFixed(1)} B a sample of ${TELEMETRY_FIELDS.length} (plain rows ${plain.toFixed(0)} B a sample of ${PLAIN_FIELDS.length})`,
    target: "≤ 2 B a value",
    isHit: perValue <= 2,
  });
}

async function measureInsert(bench: BenchDatabase, leases: readonly NodeLease[]): Promise<Figure> {
  const writer = new TelemetryWriter(bench.db.pool, createLogger("bench", "fatal"));
  const rounds = PASSES + 1;
  const ticksOf = (first: number) => {
    const byNode = leases.map((lease, seed) =>
      fakeTicks({ nodeId: lease.nodeId, from: first, count: rounds, gpus: GPUS, seed }),
    );
    return Array.from({ length: rounds }, (_, round) => byNode.flatMap((ticks) => ticks[round] ?? []));
  };
  const [ours, plain] = [ticksOf(START + 3_600_000), ticksOf(START + 3_600_000)];
  const leaseOf = new Map(leases.map((lease) => [lease.nodeId, lease]));
  const timing = await measureInTurn(
    {
      plain: () => insertPlain(bench.db.pool, plain.shift() ?? []),
      ours: () => {
        for (const tick of ours.shift() ?? []) {
          const lease = leaseOf.get(tick.nodeId);
          if (lease) writer.push(tick, lease);
        }
        return writer.flush();
      },
    },
    PASSES,
  );
  return ratioFigure({
    what: `a second of ${NODES} nodes × ${GPUS} GPUs, encoded, fenced and committed`,
    figure: milliseconds(timing.ours.wallMs),
    baseline: `plain unnest of six values ${milliseconds(timing.plain.wallMs)}`,
    ratio: timing.ours.wallMs / timing.plain.wallMs,
    target: { atMost: 1.5 },
  });
}

/** How old the newest stored tick is at any moment, while ticks come all the time: what a kill -9 would lose. */
async function measureLoss(bench: BenchDatabase, lease: NodeLease): Promise<Figure> {
  const writer = new TelemetryWriter(bench.db.pool, createLogger("bench", "fatal"));
  const [template] = fakeTicks({ nodeId: lease.nodeId, from: 0, count: 1, gpus: GPUS });
  if (!template) throw new Error("no tick");
  const pushing = setInterval(() => writer.push({ ...template, at: Date.now() }, lease), 10);
  let worst = 0;
  const startedAt = Date.now();
  while (Date.now() - startedAt < 6_000) {
    const { rows } = await bench.db.pool.query<{ at: string | null }>(
      "SELECT (extract(epoch FROM max(sampled_at)) * 1000)::bigint AS at FROM telemetry_tick WHERE node_id = $1",
      [lease.nodeId],
    );
    if (Date.now() - startedAt > 2_000) worst = Math.max(worst, Date.now() - Number(rows[0]?.at ?? 0));
  }
  clearInterval(pushing);
  await writer.flush();
  return absoluteFigure({
    what: "lost by a crash at the worst moment",
    figure: milliseconds(worst),
    target: "≤ 1 s",
    isHit: worst <= 1000,
  });
}

export const row: BenchRow = {
  number: 9,
  title: "telemetry storage",
  run: async () => {
    const bench = await openBenchDatabase();
    try {
      await bench.db.pool.query(PLAIN_TABLE);
      const leases = await bench.createNodes(NODES);
      const [first] = leases;
      if (!first) throw new Error("no nodes");
      return [
        await measureStorage(bench, leases),
        await measureInsert(bench, leases),
        await measureLoss(bench, first),
      ];
    } finally {
      await bench.close();
    }
  },
};
