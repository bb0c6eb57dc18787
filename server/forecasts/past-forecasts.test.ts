import { expect, it } from "vitest";
import { pastForecasts, pastSteps } from "./past-forecasts";

const START = 1_000_000;
const prior = {
  time: { seconds: 3000, basis: "own", runCount: 2, isSameSettings: true },
  reason: null,
  tailSeconds: 40,
} as const;

/** A minute until the first step, 3 s a step up to step 20, then 2 s; 40 s after the last one. */
function stage(skewSeconds = 0) {
  let atSeconds = START + 60 + skewSeconds;
  const marks = Array.from({ length: 400 }, (_, index) => {
    const mark = { step: index + 1, atSeconds };
    atSeconds += index + 1 < 20 ? 3 : 2;
    return mark;
  });
  const endedSeconds = (marks.at(-1)?.atSeconds ?? 0) - skewSeconds + 40;
  return { startedSeconds: START, endedSeconds, stepsTotal: 400, epochs: 1, marks, prior };
}

it("computes again what was said before the start, at step 20 and in the middle", () => {
  const { endedSeconds } = stage();
  const [before, early, middle] = pastForecasts(stage());
  expect(before).toEqual({ step: 0, seconds: 3000, basis: "own" });
  expect(early?.step).toBe(20);
  expect(early?.seconds).toBeCloseTo(60 + 19 * 3 + 380 * 3 + 40);
  expect(middle?.step).toBe(200);
  // Ten of the 190 steps that it went by were slower than those to come.
  expect(middle?.seconds).toBeCloseTo(endedSeconds - START + 200 * (10 / 190));
});

it.each([-3600, 3600])("does not go by the steps of a node whose clock is %d s off", (skewSeconds) => {
  expect(pastForecasts(stage(skewSeconds))).toEqual([{ step: 0, seconds: 3000, basis: "own" }]);
});

it("says only what was said before the start where the steps have no times", () => {
  expect(pastForecasts({ ...stage(), marks: [] })).toEqual([{ step: 0, seconds: 3000, basis: "own" }]);
  expect(pastForecasts({ ...stage(), marks: [], prior: { ...prior, time: null } })).toEqual([]);
});

it.each([
  [400, [20, 200]],
  [40, [20]],
  [10, [5]],
  [1, []],
])("looks back at a stage of %d steps at steps %j", (total, steps) => {
  expect(pastSteps(total)).toEqual(steps);
});
