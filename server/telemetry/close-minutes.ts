import type pg from "pg";
import { inTransaction } from "../db";
import { type Rollup, rollUp } from "./roll-up";
import { decodeColumns, decodeTicks, encodeTicks } from "./tick-codec";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export interface CloseInput {
  /** Unix ms: minutes and hours that end later are still open. */
  before: number;
  /** Unix ms: how far back to look. */
  since: number;
  /** null: all nodes. With a list the index is used, for the round of every minute. */
  nodeIds: readonly string[] | null;
}

/**
 * Turns every minute that has rows but no chunk, or a chunk with fewer samples, into its chunk and its 60 s rollups.
 * Derived from rows alone, so it may run twice, late, or in two workers at once. Resolves to the number of minutes.
 */
export async function closeMinutes(pool: pg.Pool, input: CloseInput): Promise<number> {
  const { rows } = await pool.query<{ node_id: string; minute: string }>(
    `SELECT t.node_id, t.minute::text FROM (
       SELECT node_id, floor(extract(epoch FROM sampled_at) / 60)::bigint * 60000 AS minute, count(*) AS ticks
       FROM telemetry_tick
       WHERE sampled_at < to_timestamp($1 / 1000.0) AND sampled_at >= to_timestamp($2 / 1000.0)
         ${input.nodeIds === null ? "AND $3::uuid[] IS NULL" : "AND node_id = ANY($3::uuid[])"}
       GROUP BY 1, 2) t
     LEFT JOIN telemetry_chunk c ON c.node_id = t.node_id AND c.minute = to_timestamp(t.minute / 1000.0)
     WHERE c.sample_count IS NULL OR c.sample_count < t.ticks ORDER BY t.minute, t.node_id`,
    [
      Math.floor(input.before / MINUTE_MS) * MINUTE_MS,
      Math.floor(input.since / MINUTE_MS) * MINUTE_MS,
      input.nodeIds,
    ],
  );
  for (const { node_id, minute } of rows) await closeMinute(pool, node_id, Number(minute));
  return rows.length;
}

async function closeMinute(pool: pg.Pool, nodeId: string, minute: number): Promise<void> {
  const { rows } = await pool.query<{ payload: Buffer }>({
    name: "telemetry-minute-rows",
    text: `SELECT payload FROM telemetry_tick
      WHERE node_id = $1 AND sampled_at >= to_timestamp($2 / 1000.0) AND sampled_at < to_timestamp($3 / 1000.0)
      ORDER BY sampled_at`,
    values: [nodeId, minute, minute + MINUTE_MS],
  });
  const ticks = rows.flatMap(({ payload }) => decodeTicks(nodeId, payload));
  if (ticks.length === 0) return;
  const payload = encodeTicks(ticks, { deflate: true, extras: false });
  const rollups = rollUp([decodeColumns(payload)], 60);
  await inTransaction(pool, async (client) => {
    const { rowCount } = await client.query({
      name: "telemetry-chunk",
      text: `INSERT INTO telemetry_chunk AS c (node_id, minute, sample_count, payload)
        VALUES ($1, to_timestamp($2 / 1000.0), $3, $4)
        ON CONFLICT (node_id, minute) DO UPDATE SET sample_count = excluded.sample_count, payload = excluded.payload
        WHERE excluded.sample_count > c.sample_count`,
      values: [nodeId, minute, ticks.length, Buffer.from(payload)],
    });
    // Somebody else stored the same minute, whole.
    if (rowCount === 0) return;
    await storeRollups(client, { nodeId, bucketSeconds: 60, rollups });
  });
}

async function storeRollups(
  client: pg.PoolClient,
  input: { nodeId: string; bucketSeconds: number; rollups: readonly Rollup[] },
): Promise<void> {
  await client.query({
    name: "telemetry-rollups",
    text: `INSERT INTO telemetry_rollup AS r (node_id, gpu_uuid, bucket_seconds, at, sample_count, min, mean, max)
      SELECT $1, t."gpuUuid", $2, to_timestamp(t.at / 1000.0), t."sampleCount", t.min, t.mean, t.max
      FROM jsonb_to_recordset($3::jsonb)
        AS t ("gpuUuid" text, at float8, "sampleCount" int, min float8[], mean float8[], max float8[])
      ON CONFLICT (node_id, gpu_uuid, bucket_seconds, at) DO UPDATE
      SET sample_count = excluded.sample_count, min = excluded.min, mean = excluded.mean, max = excluded.max
      WHERE excluded.sample_count > r.sample_count`,
    values: [input.nodeId, input.bucketSeconds, JSON.stringify(input.rollups)],
  });
}

/**
 * Rolls every hour that is over up from its chunks, exactly, not from minute means; again when its minutes hold more
 * samples than its rollup. Looks back 23 hours at most, while the chunks exist. Resolves to the number of node hours.
 */
export async function closeHours(pool: pg.Pool, input: CloseInput): Promise<number> {
  const before = Math.floor(input.before / HOUR_MS) * HOUR_MS;
  const since = Math.max(Math.floor(input.since / HOUR_MS) * HOUR_MS, before - 23 * HOUR_MS);
  const { rows } = await pool.query<{ node_id: string; hour: string }>(
    `SELECT m.node_id, m.hour::text FROM (
       SELECT node_id, gpu_uuid, floor(extract(epoch FROM at) / 3600)::bigint * 3600000 AS hour, sum(sample_count) AS samples
       FROM telemetry_rollup
       WHERE bucket_seconds = 60 AND at < to_timestamp($1 / 1000.0) AND at >= to_timestamp($2 / 1000.0)
         ${input.nodeIds === null ? "AND $3::uuid[] IS NULL" : "AND node_id = ANY($3::uuid[])"}
       GROUP BY 1, 2, 3) m
     LEFT JOIN telemetry_rollup h ON h.node_id = m.node_id AND h.gpu_uuid = m.gpu_uuid AND h.bucket_seconds = 3600
       AND h.at = to_timestamp(m.hour / 1000.0)
     WHERE h.sample_count IS NULL OR h.sample_count < m.samples GROUP BY 1, 2 ORDER BY 2, 1`,
    [before, since, input.nodeIds],
  );
  for (const { node_id, hour } of rows) await closeHour(pool, node_id, Number(hour));
  return rows.length;
}

async function closeHour(pool: pg.Pool, nodeId: string, hour: number): Promise<void> {
  const { rows } = await pool.query<{ payload: Buffer }>(
    `SELECT payload FROM telemetry_chunk
     WHERE node_id = $1 AND minute >= to_timestamp($2 / 1000.0) AND minute < to_timestamp($3 / 1000.0) ORDER BY minute`,
    [nodeId, hour, hour + HOUR_MS],
  );
  const rollups = rollUp(
    rows.map(({ payload }) => decodeColumns(payload)),
    3600,
  );
  await inTransaction(pool, (client) => storeRollups(client, { nodeId, bucketSeconds: 3600, rollups }));
}
