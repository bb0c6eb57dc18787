import { expect, test } from "vitest";
import type { ScalarSeries } from "@/server/contracts/attempts";
import { afterParameter, mergeSeries } from "./merge-series";

function series(seriesId: number, steps: number[]): ScalarSeries {
  return {
    seriesId,
    tag: "loss",
    source: "log",
    sourceTag: "loss",
    steps,
    values: steps.map((step) => step * 2),
    wallTimes: steps.map(() => null),
    samplesPerStep: null,
    pointCount: steps.length,
    isReduced: false,
  };
}

test("new points go behind the known ones, a new series comes whole", () => {
  const merged = mergeSeries([series(1, [1, 2])], [series(1, [3]), series(2, [1])]);
  expect(merged.map(({ steps }) => steps)).toEqual([[1, 2, 3], [1]]);
  expect(merged[0]?.values).toEqual([2, 4, 6]);
});

test("points that come twice are kept once", () => {
  const merged = mergeSeries([series(1, [1, 2, 3])], [series(1, [2, 3, 4])]);
  expect(merged[0]?.steps).toEqual([1, 2, 3, 4]);
  expect(mergeSeries(merged, [series(1, [4])])[0]).toBe(merged[0]);
});

test("the next question begins after the last step of each series", () => {
  expect(afterParameter([series(7, [1, 5]), series(9, [])])).toBe("7:5,9:-1");
});
