import type pg from "pg";

const HOUR_MS = 3_600_000;
export const KEEP_TICKS_MS = HOUR_MS;
export const KEEP_CHUNKS_MS = 24 * HOUR_MS;
export const KEEP_MINUTES_MS = 30 * 24 * HOUR_MS;

/**
 * Deletes rows above an hour, chunks above 24 hours and minute rollups above 30 days before `now` (Unix ms). A row
 * goes only when its minute's chunk holds as many samples as there are rows; hour rollups stay.
 */
export async function pruneTelemetry(pool: pg.Pool, now: number): Promise<void> {
  await pool.query(
    // Counts the old rows once: asked of each chunk, of which a day has 1,440 a node, it takes minutes.
    `WITH old AS (
       SELECT node_id, to_timestamp(floor(extract(epoch FROM sampled_at) / 60) * 60) AS minute, count(*) AS ticks
       FROM telemetry_tick WHERE sampled_at < to_timestamp($1 / 1000.0) GROUP BY 1, 2)
     DELETE FROM telemetry_tick t USING old JOIN telemetry_chunk c ON c.node_id = old.node_id AND c.minute = old.minute
     WHERE c.sample_count >= old.ticks AND t.node_id = old.node_id
       AND t.sampled_at >= old.minute AND t.sampled_at < old.minute + interval '1 minute'`,
    [Math.floor((now - KEEP_TICKS_MS) / 60_000) * 60_000],
  );
  await pool.query("DELETE FROM telemetry_chunk WHERE minute < to_timestamp($1 / 1000.0)", [
    now - KEEP_CHUNKS_MS,
  ]);
  await pool.query(
    "DELETE FROM telemetry_rollup WHERE bucket_seconds = 60 AND at < to_timestamp($1 / 1000.0)",
    [now - KEEP_MINUTES_MS],
  );
}
