import type { ScalarNumber, ScalarSeries } from "@/server/contracts/attempts";
import { smooth } from "./smooth";
import { tagLook } from "./tag-table";

export const X_AXES = ["step", "samples", "time"] as const;
export type XAxis = (typeof X_AXES)[number];

export interface ChartOptions {
  x: XAxis;
  /** 0 to 0.99 */
  smoothing: number;
  isLog: boolean;
  /** Unix seconds of the attempt's start: x 0 of the time axis. */
  startedAt: number | null;
}

export interface ScalarChart {
  /** Steps, samples, or seconds since the start. */
  xs: number[];
  raw: (number | null)[];
  smoothed: (number | null)[];
  /** Values that no line can show: NaN, infinite, and on a log axis what is not above 0. */
  hiddenCount: number;
  pointCount: number;
  isReduced: boolean;
  /** Points far apart, one an epoch: shown as they are, a mean over them would invent a course. */
  isSparse: boolean;
}

const SPARSE_POINTS = 30;

/** One series a tag, the one with most points, ordered as people look at them. */
export function chartsOf(series: readonly ScalarSeries[]): ScalarSeries[] {
  const best = new Map<string, ScalarSeries>();
  for (const candidate of series) {
    const known = best.get(candidate.tag);
    if (!known || isBetter(candidate, known)) best.set(candidate.tag, candidate);
  }
  return [...best.values()].toSorted(
    (a, b) => tagLook(a.tag).rank - tagLook(b.tag).rank || a.tag.localeCompare(b.tag),
  );
}

function isBetter(candidate: ScalarSeries, known: ScalarSeries): boolean {
  if (candidate.pointCount !== known.pointCount) return candidate.pointCount > known.pointCount;
  return candidate.source === "events" && known.source === "log";
}

/** Columns for one chart. Null: this series has no wall times, or no known samples, so that this axis cannot show it. */
export function prepareScalarChart(series: ScalarSeries, options: ChartOptions): ScalarChart | null {
  const { x, smoothing, isLog, startedAt } = options;
  const perStep = x === "samples" ? series.samplesPerStep : 1;
  if (perStep === null) return null;
  const xs: number[] = [];
  const raw: (number | null)[] = [];
  let hiddenCount = 0;
  series.steps.forEach((step, index) => {
    const wallTime = series.wallTimes[index] ?? null;
    if (x === "time" && (wallTime === null || startedAt === null)) return;
    const value = lineValue(series.values[index], isLog);
    if (value === null) hiddenCount += 1;
    xs.push(x === "time" ? (wallTime ?? 0) - (startedAt ?? 0) : step * perStep);
    raw.push(value);
  });
  if (x === "time" && xs.length === 0 && series.steps.length > 0) return null;
  const isSparse = raw.length < SPARSE_POINTS;
  const smoothed = smooth(raw, isSparse ? 0 : smoothing);
  const { pointCount, isReduced } = series;
  return { xs, raw, smoothed, hiddenCount, pointCount, isReduced, isSparse };
}

function lineValue(value: ScalarNumber | undefined, isLog: boolean): number | null {
  if (typeof value !== "number" || !Number.isFinite(value)) return null;
  return isLog && value <= 0 ? null : value;
}

/** Right end of the step axis: the stage's own total while it runs, so that the line shows how far it is. */
export function stepAxisEnd(
  series: readonly ScalarSeries[],
  stepsTotal: number | null,
  isEnded: boolean,
): number {
  const last = series.reduce((most, { steps }) => Math.max(most, steps.at(-1) ?? 0), 0);
  return isEnded || stepsTotal === null ? Math.max(1, last) : Math.max(1, last, stepsTotal);
}

/** The same in samples. Totals are known in the steps of the log. */
export function samplesAxisEnd(
  series: readonly ScalarSeries[],
  stepsTotal: number | null,
  isEnded: boolean,
): number {
  return series.reduce((most, { source, steps, samplesPerStep }) => {
    const total = source === "log" && !isEnded ? (stepsTotal ?? 0) : 0;
    return Math.max(most, Math.max(steps.at(-1) ?? 0, total) * (samplesPerStep ?? 0));
  }, 1);
}

/** Step to wall time and back, from the series that has the most of both. */
export interface StepClock {
  timeOf: (step: number) => number | null;
  stepOf: (time: number) => number | null;
}

export function stepClock(series: readonly ScalarSeries[]): StepClock {
  const best = series
    .filter(({ wallTimes }) => wallTimes.some((time) => time !== null))
    .toSorted((a, b) => b.steps.length - a.steps.length)[0];
  const steps: number[] = [];
  const times: number[] = [];
  best?.steps.forEach((step, index) => {
    const time = best.wallTimes[index] ?? null;
    if (time === null) return;
    steps.push(step);
    times.push(time);
  });
  return {
    timeOf: (step) => interpolate(steps, times, step),
    stepOf: (time) => interpolate(times, steps, time),
  };
}

function interpolate(from: readonly number[], to: readonly number[], value: number): number | null {
  const next = from.findIndex((known) => known >= value);
  const [right, left] = [from[next], from[next - 1]];
  if (right === undefined) return null;
  const end = to[next] ?? null;
  const start = to[next - 1];
  if (left === undefined || start === undefined || end === null || right === left) return end;
  return start + ((value - left) / (right - left)) * (end - start);
}
