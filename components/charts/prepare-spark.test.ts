import { expect, test } from "vitest";
import { sparkPath } from "./prepare-spark";

test("low is at the bottom, high at the top", () => {
  expect(sparkPath([0, 1], 120, 24)).toBe("M0.0 23.0L120.0 1.0");
});

test("a gap lifts the pen instead of falling to zero", () => {
  expect(sparkPath([1, null, 2], 100, 22)).toBe("M0.0 21.0M100.0 1.0");
  expect(sparkPath([Number.NaN, null], 100, 22)).toBe("");
});

test("a flat series lies in the middle", () => {
  expect(sparkPath([5, 5], 10, 20)).toBe("M0.0 10.0L10.0 10.0");
});
