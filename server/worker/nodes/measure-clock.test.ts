import { expect, it } from "vitest";
import { type ClockReading, clockOffset } from "./measure-clock";

/** A reading of a clock that is `offsetMs` ahead, taken in the middle of a round trip. */
function reading(offsetMs: number, askedMs: number, roundTripMs: number): ClockReading {
  const answeredMs = askedMs + roundTripMs;
  return { nodeMs: askedMs + roundTripMs / 2 + offsetMs, resolutionMs: 0, askedMs, answeredMs };
}

it("bounds the offset by half a round trip on either side", () => {
  expect(clockOffset([reading(5_000, 1_000_000, 80)])).toEqual([4_960, 5_040]);
});

it("lets the shortest round trip say most, and never claims more than the readings hold", () => {
  const [low, high] = clockOffset([reading(0, 0, 900), reading(0, 2_000, 40), reading(0, 4_000, 300)]) ?? [
    1, -1,
  ];
  expect([low, high]).toEqual([-20, 20]);
});

it("holds an answer that was slow in one direction only", () => {
  const late: ClockReading = { nodeMs: 1_000, resolutionMs: 0, askedMs: 1_000, answeredMs: 1_800 };
  const [low, high] = clockOffset([late]) ?? [1, -1];
  expect(low <= 0 && high >= 0).toBe(true);
  expect([low, high]).toEqual([-800, 0]);
});

it("narrows whole seconds by when they turn over", () => {
  const at = (second: number, askedMs: number): ClockReading => ({
    nodeMs: second * 1000,
    resolutionMs: 1000,
    askedMs,
    answeredMs: askedMs + 10,
  });
  expect(clockOffset([at(100, 100_000), at(100, 100_900), at(101, 101_050)])).toEqual([-10, 100]);
});

it("takes the shortest round trip when a clock was set in between, and nothing from nothing", () => {
  expect(clockOffset([reading(0, 0, 100), reading(60_000, 1_000, 20)])).toEqual([59_990, 60_010]);
  expect(clockOffset([])).toBeNull();
});
