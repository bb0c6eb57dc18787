import { expect, test } from "vitest";
import { LINE_HEIGHT } from "./log-line";
import { rowsInSight } from "./rows-in-sight";

const height = 10 * LINE_HEIGHT;

test("the rows around the place scrolled to are drawn", () => {
  const { first, last } = rowsInSight({ top: 500 * LINE_HEIGHT, height, count: 1000 });
  expect(first).toBeLessThan(500);
  expect(last).toBeGreaterThanOrEqual(510);
  expect(last - first).toBeLessThan(100);
});

test("a short log is drawn whole", () => {
  expect(rowsInSight({ top: 0, height, count: 5 })).toEqual({ first: 0, last: 5 });
});

test("a place behind the end shows the last rows", () => {
  const { first, last } = rowsInSight({ top: 500_000 * LINE_HEIGHT, height, count: 200_000 });
  expect(last).toBe(200_000);
  expect(first).toBeLessThanOrEqual(199_990);
});
