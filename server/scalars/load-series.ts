import type pg from "pg";

/** All points of one series, ordered by step. */
export interface LoadedSeries {
  steps: Float64Array;
  values: Float64Array;
  /** Unix seconds; NaN: none. */
  wallTimes: Float64Array;
}

const POINT_BYTES = 24;
/** A page is 1.5 MiB: a few milliseconds of this process. */
const POINTS_PER_PAGE = 65_536;

/**
 * Reads a series as binary columns, a page a query: a million points make no million objects. `after`: only points
 * whose step is greater.
 */
export async function loadSeries(pool: pg.Pool, tagId: number, after: number | null): Promise<LoadedSeries> {
  const pages: Buffer[] = [];
  let last = after;
  for (;;) {
    const page = await loadPage(pool, tagId, last);
    if (page === null) break;
    pages.push(page.bytes);
    last = page.lastStep;
    if (page.bytes.length < POINTS_PER_PAGE * POINT_BYTES) break;
  }
  return decode(pages);
}

async function loadPage(
  pool: pg.Pool,
  tagId: number,
  after: number | null,
): Promise<{ bytes: Buffer; lastStep: number } | null> {
  const { rows } = await pool.query<{ bytes: Buffer | null; last_step: number }>(
    `SELECT string_agg(float8send(step) || float8send(value) || float8send(coalesce(wall_time, 'NaN')), ''::bytea) AS bytes,
       max(step) AS last_step
     FROM (
       SELECT step::float8 AS step, value, wall_time FROM scalar
       WHERE tag_id = $1 AND scalar.step > $2
       ORDER BY scalar.step FETCH FIRST ${POINTS_PER_PAGE} ROWS WITH TIES
     ) AS page`,
    [tagId, after ?? "-9223372036854775808"],
  );
  const row = rows[0];
  return row?.bytes ? { bytes: row.bytes, lastStep: row.last_step } : null;
}

/** Pages of big-endian (step, value, wall time) triples to columns. */
function decode(pages: Buffer[]): LoadedSeries {
  const count = pages.reduce((sum, page) => sum + page.length / POINT_BYTES, 0);
  const series = {
    steps: new Float64Array(count),
    values: new Float64Array(count),
    wallTimes: new Float64Array(count),
  };
  let i = 0;
  for (const page of pages) {
    const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
    for (let at = 0; at < page.length; at += POINT_BYTES, i += 1) {
      series.steps[i] = view.getFloat64(at);
      series.values[i] = view.getFloat64(at + 8);
      series.wallTimes[i] = view.getFloat64(at + 16);
    }
  }
  return series;
}
