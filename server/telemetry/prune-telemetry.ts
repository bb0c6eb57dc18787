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
    `DELETE FROM telemetry_tick t USING telemetry_chunk c
     WHERE t.sampled_at < to_timestamp($1 / 1000.0) AND c.node_id = t.node_id
       AND c.minute <= t.sampled_at AND c.minute > t.sampled_at - interval '1 minute'
       AND c.sample_count >= (SELECT count(*) FROM telemetry_tick s
         WHERE s.node_id = c.node_id AND s.sampled_at >= c.minute AND s.sampled_at < c.minute + interval '1 minute')`,
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
