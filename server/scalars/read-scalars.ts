import type { Context } from "../context";
import {
  type ScalarNumber,
  type ScalarSeries,
  ScalarsQuery,
  type ScalarsResult,
} from "../contracts/attempts";
import { AppError, validationError } from "../errors";
import type { SamplesPerStep } from "../recipes";
import { stepsOfSeries } from "./canonical-tags";
import { type LoadedSeries, loadSeries } from "./load-series";
import { readSamplesPerStep } from "./read-samples-per-step";
import { reduceSeries } from "./reduce-series";

interface SeriesRow {
  id: number;
  tag: string;
  source: "log" | "events";
  sourceTag: string;
}

/**
 * Series of an attempt as columns, reduced by min-max to about `points` each so that every spike stays. Series named
 * in `after` come from there on and whole. Of one tag, the series of the event file comes before the log's.
 * @throws AppError NOT_FOUND (no such attempt), VALIDATION
 */
export async function readScalars({
  ctx,
  input,
}: {
  ctx: Context;
  input: { attemptId: string } & Partial<ScalarsQuery>;
}): Promise<ScalarsResult> {
  const query = ScalarsQuery.parse(input);
  const after = parseAfter(query.after);
  const rows = await listSeries(ctx, input.attemptId, query.tags);
  const counted = await readSamplesPerStep(ctx.db.pool, input.attemptId);
  const series: ScalarSeries[] = [];
  for (const row of rows) {
    const from = after.get(row.id);
    const loaded = await loadSeries(ctx.db.pool, row.id, from ?? null);
    const points = from === undefined ? query.points : Number.POSITIVE_INFINITY;
    series.push(seriesOf(row, loaded, { points, samplesPerStep: samplesOf(row, counted) }));
  }
  return { series };
}

function parseAfter(text: string | undefined): Map<number, number> {
  const after = new Map<number, number>();
  for (const pair of (text ?? "").split(",").filter((part) => part !== "")) {
    const match = /^(\d{1,9}):(-?\d{1,16})$/.exec(pair);
    if (match === null)
      throw validationError([{ path: "after", message: 'Write it as "<seriesId>:<step>,…".' }]);
    after.set(Number(match[1]), Number(match[2]));
  }
  return after;
}

async function listSeries(ctx: Context, attemptId: string, tags: string | undefined): Promise<SeriesRow[]> {
  const { rows } = await ctx.db.pool.query<SeriesRow | { id: null }>(
    `SELECT t.id, t.tag, t.source, t.source_tag AS "sourceTag"
     FROM attempt a LEFT JOIN scalar_tag t ON t.attempt_id = a.id AND ($2::text[] IS NULL OR t.tag = ANY($2))
     WHERE a.id = $1 ORDER BY t.tag, t.source, t.id`,
    [attemptId, tags === undefined ? null : tags.split(",").map((tag) => tag.trim())],
  );
  if (rows.length === 0) throw new AppError("NOT_FOUND", "There is no such attempt.");
  return rows.filter((row): row is SeriesRow => row.id !== null);
}

function samplesOf({ source, sourceTag }: SeriesRow, counted: SamplesPerStep): number | null {
  const steps = stepsOfSeries(source, sourceTag);
  if (steps === null) return null;
  return steps === "engine" ? counted.engineStep : counted.step;
}

function seriesOf(
  row: SeriesRow,
  loaded: LoadedSeries,
  { points, samplesPerStep }: { points: number; samplesPerStep: number | null },
): ScalarSeries {
  const count = loaded.values.length;
  const isReduced = count > points;
  const indices = isReduced ? keptIndices(loaded.values, points) : null;
  const length = indices?.length ?? count;
  const series: ScalarSeries = {
    seriesId: row.id,
    tag: row.tag,
    source: row.source,
    sourceTag: row.sourceTag,
    steps: new Array(length),
    values: new Array(length),
    wallTimes: new Array(length),
    samplesPerStep,
    pointCount: count,
    isReduced,
  };
  for (let n = 0; n < length; n += 1) {
    const i = indices?.[n] ?? n;
    const wallTime = loaded.wallTimes[i] as number;
    series.steps[n] = loaded.steps[i] as number;
    series.values[n] = numberForJson(loaded.values[i] as number);
    series.wallTimes[n] = Number.isNaN(wallTime) ? null : wallTime;
  }
  return series;
}

function keptIndices(values: Float64Array, points: number): Uint32Array {
  const { kept, beside } = reduceSeries(values, points);
  if (beside.length === 0) return kept;
  const all = new Uint32Array(kept.length + beside.length);
  all.set(kept);
  all.set(beside, kept.length);
  return all.sort();
}

function numberForJson(value: number): ScalarNumber {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "Infinity" : "-Infinity";
}
