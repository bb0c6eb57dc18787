import { expect, test } from "vitest";
import { smooth } from "./smooth";

test("a constant stays itself from the first value on", () => {
  for (const value of smooth([5, 5, 5, 5], 0.9)) expect(value).toBeCloseTo(5, 10);
});

test("no weight changes nothing", () => expect(smooth([1, null, 3], 0)).toEqual([1, null, 3]));

test("a gap stays a gap and does not count", () => {
  const [first, gap, second] = smooth([0, null, 1], 0.5);
  expect([first, gap]).toEqual([0, null]);
  expect(second).toBeCloseTo(2 / 3, 10);
});

test("a spike is spread over what follows, not over what came before", () => {
  const line = smooth([0, 0, 10, 0], 0.5);
  expect(line.slice(0, 2)).toEqual([0, 0]);
  expect(line[2]).toBeGreaterThan(line[3] ?? Number.NaN);
});
