import { expect, test } from "vitest";
import type { ScalarSeries } from "@/server/contracts/attempts";
import { chartsOf, prepareScalarChart, samplesAxisEnd, stepAxisEnd, stepClock } from "./prepare-scalars";

function series(values: ScalarSeries["values"], more: Partial<ScalarSeries> = {}): ScalarSeries {
  return {
    seriesId: 1,
    tag: "loss",
    source: "log",
    sourceTag: "loss",
    steps: values.map((_, index) => index + 1),
    values,
    wallTimes: values.map((_, index) => 1000 + index * 10),
    samplesPerStep: null,
    pointCount: values.length,
    isReduced: false,
    ...more,
  };
}
const options = { x: "step", smoothing: 0, isLog: false, startedAt: 990 } as const;

test("what is not finite is a gap and is counted", () => {
  const chart = prepareScalarChart(series([1, "NaN", 3, "Infinity"]), options);
  expect(chart?.raw).toEqual([1, null, 3, null]);
  expect(chart?.hiddenCount).toBe(2);
});

test("a log axis hides what is not above zero, and says how many", () => {
  const chart = prepareScalarChart(series([1, 0, -1, 2]), { ...options, isLog: true });
  expect(chart?.raw).toEqual([1, null, null, 2]);
  expect(chart?.hiddenCount).toBe(2);
});

test("the time axis counts seconds since the start; a source without times cannot be on it", () => {
  expect(prepareScalarChart(series([1, 2]), { ...options, x: "time" })?.xs).toEqual([10, 20]);
  expect(
    prepareScalarChart(series([1, 2], { wallTimes: [null, null] }), { ...options, x: "time" }),
  ).toBeNull();
});

test("the samples axis counts what the steps stand for; a series whose steps are its own cannot be on it", () => {
  const counted = series([1, 2, 3], { samplesPerStep: 16 });
  expect(prepareScalarChart(counted, { ...options, x: "samples" })?.xs).toEqual([16, 32, 48]);
  expect(prepareScalarChart(series([1, 2]), { ...options, x: "samples" })).toBeNull();
  expect(samplesAxisEnd([counted], 10, false)).toBe(160);
  expect(samplesAxisEnd([counted], 10, true)).toBe(48);
});

test("one chart a tag, from the source with most points, reward before the rest", () => {
  const charts = chartsOf([
    series([1], { seriesId: 1, tag: "lr" }),
    series([1], { seriesId: 2 }),
    series([1, 2], { seriesId: 3, source: "events" }),
    series([1], { seriesId: 4, tag: "ppo/reward" }),
    series([1], { seriesId: 5, tag: "a/own/name" }),
  ]);
  expect(charts.map(({ seriesId }) => seriesId)).toEqual([4, 3, 1, 5]);
});

test("a running stage's axis reaches to its last step, an ended one's to its last point", () => {
  expect(stepAxisEnd([series([1, 2])], 477, false)).toBe(477);
  expect(stepAxisEnd([series([1, 2])], 477, true)).toBe(2);
  expect(stepAxisEnd([series([1, 2])], null, false)).toBe(2);
});

test("steps and times translate into each other", () => {
  const clock = stepClock([series([1, 2, 3])]);
  expect(clock.timeOf(2.5)).toBe(1015);
  expect(clock.stepOf(1015)).toBe(2.5);
  expect(clock.timeOf(99)).toBeNull();
  expect(stepClock([]).timeOf(1)).toBeNull();
});
