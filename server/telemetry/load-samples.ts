import type pg from "pg";
import type { Rollup } from "./roll-up";
import { rollUp } from "./roll-up";
import { decodeColumns, type TickColumns } from "./tick-codec";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Hours that ended so recently are read from their minutes: their rollup may be about to be made again. */
const SETTLED_MS = 3 * HOUR_MS;

export interface LoadInput {
  nodeId: string;
  /** Unix ms. */
  from: number;
  to: number;
  now: number;
}

const minuteOf = (time: number) => Math.floor(time / MINUTE_MS) * MINUTE_MS;

/**
 * All readings of a range as blocks: for each minute either its chunk or, while rows hold more than the chunk, its
 * rows. Call inside one REPEATABLE READ transaction, so that a minute cannot move between the two queries.
 */
export async function loadBlocks(client: pg.PoolClient, input: LoadInput): Promise<TickColumns[]> {
  const open = await loadOpenMinutes(client, input);
  const { rows } = await client.query<{ minute: Date; payload: Buffer }>(
    `SELECT minute, payload FROM telemetry_chunk
     WHERE node_id = $1 AND minute >= to_timestamp($2 / 1000.0) AND minute <= to_timestamp($3 / 1000.0) ORDER BY minute`,
    [input.nodeId, minuteOf(input.from), input.to],
  );
  const closed = rows.filter(({ minute }) => !open.minutes.has(minute.getTime()));
  return [...closed.map(({ payload }) => decodeColumns(payload)), ...open.blocks];
}

async function loadOpenMinutes(
  client: pg.PoolClient,
  input: LoadInput,
): Promise<{ minutes: Set<number>; blocks: TickColumns[] }> {
  const { rows } = await client.query<{ payload: Buffer }>(
    `SELECT t.payload FROM (
       SELECT payload, sampled_at, date_trunc('minute', sampled_at) AS minute,
         count(*) OVER (PARTITION BY date_trunc('minute', sampled_at)) AS ticks
       FROM telemetry_tick
       WHERE node_id = $1 AND sampled_at >= to_timestamp($2 / 1000.0) AND sampled_at < to_timestamp($3 / 1000.0)) t
     LEFT JOIN telemetry_chunk c ON c.node_id = $1 AND c.minute = t.minute
     WHERE c.sample_count IS NULL OR c.sample_count < t.ticks ORDER BY t.sampled_at`,
    [input.nodeId, minuteOf(input.from), minuteOf(input.to) + MINUTE_MS],
  );
  const blocks = rows.map(({ payload }) => decodeColumns(payload));
  return { minutes: new Set(blocks.flatMap(({ times }) => times.map(minuteOf))), blocks };
}

/** A range in buckets of at least a minute: hour rollups where asked for and settled, minute rollups, open minutes. */
export async function loadRollups(
  client: pg.PoolClient,
  input: LoadInput & { useHours: boolean },
): Promise<Rollup[]> {
  const open = await loadOpenMinutes(client, {
    ...input,
    from: Math.max(input.from, input.now - 2 * HOUR_MS),
  });
  const settled = Math.floor((input.now - SETTLED_MS) / HOUR_MS) * HOUR_MS;
  const hours = input.useHours
    ? await queryRollups(client, { ...input, bucketSeconds: 3600, to: Math.min(input.to, settled - 1) })
    : [];
  const closedHours = new Set(hours.map(({ at }) => at));
  const minutes = await queryRollups(client, {
    ...input,
    bucketSeconds: 60,
    ...(input.useHours ? { withoutHours: [...closedHours] } : {}),
  });
  return [...hours, ...minutes.filter(({ at }) => !open.minutes.has(at)), ...rollUp(open.blocks, 60)];
}

async function queryRollups(
  client: pg.PoolClient,
  input: { nodeId: string; from: number; to: number; bucketSeconds: number; withoutHours?: number[] },
): Promise<Rollup[]> {
  const { rows } = await client.query<Omit<Rollup, "at"> & { at: Date }>(
    `SELECT gpu_uuid AS "gpuUuid", at, sample_count AS "sampleCount", min, mean, max FROM telemetry_rollup
     WHERE node_id = $1 AND bucket_seconds = $2 AND at >= to_timestamp($3 / 1000.0) AND at <= to_timestamp($4 / 1000.0)
       AND NOT floor(extract(epoch FROM at) / 3600)::bigint * 3600000 = ANY($5::bigint[])
     ORDER BY at, gpu_uuid`,
    [
      input.nodeId,
      input.bucketSeconds,
      Math.floor(input.from / (input.bucketSeconds * 1000)) * input.bucketSeconds * 1000,
      input.to,
      input.withoutHours ?? [],
    ],
  );
  return rows.map((row) => ({ ...row, at: row.at.getTime() }));
}
