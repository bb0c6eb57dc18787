import type { ScalarSeries } from "@/server/contracts/attempts";

/** Appends what came after to what was there; a series seen for the first time comes whole. Pure. */
export function mergeSeries(
  before: readonly ScalarSeries[],
  incoming: readonly ScalarSeries[],
): ScalarSeries[] {
  const merged = new Map(before.map((series) => [series.seriesId, series]));
  for (const series of incoming) {
    const known = merged.get(series.seriesId);
    merged.set(series.seriesId, known ? append(known, series) : series);
  }
  return [...merged.values()];
}

function append(known: ScalarSeries, more: ScalarSeries): ScalarSeries {
  const last = known.steps.at(-1) ?? Number.NEGATIVE_INFINITY;
  // A reply that crossed with another one repeats points: they are told by their steps.
  const from = more.steps.findIndex((step) => step > last);
  if (from < 0) return known;
  return {
    ...known,
    steps: known.steps.concat(more.steps.slice(from)),
    values: known.values.concat(more.values.slice(from)),
    wallTimes: known.wallTimes.concat(more.wallTimes.slice(from)),
    pointCount: Math.max(more.pointCount, known.pointCount + more.steps.length - from),
  };
}

/** The `after` parameter: "<seriesId>:<last step>,…" */
export function afterParameter(series: readonly ScalarSeries[]): string {
  return series.map(({ seriesId, steps }) => `${seriesId}:${steps.at(-1) ?? -1}`).join(",");
}

/** Points held of the longest series. */
export function longest(series: readonly ScalarSeries[]): number {
  return series.reduce((most, { steps }) => Math.max(most, steps.length), 0);
}
