import { expect, test } from "vitest";
import { formatAge, formatDuration, formatElapsed, formatLeft, secondsBetween } from "./format-time";

test.each([
  [0.34, "0.3 s"],
  [9.97, "10 s"],
  [59.6, "1 min"],
  [572, "9 min 32 s"],
  [8640, "2 h 24 min"],
  [100_000, "1 d 03 h"],
  [null, "—"],
])("%s seconds read %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));

test.each([
  [41, "under 1 min"],
  [1141, "19 min"],
  [31_200, "8 h 40 min"],
])("%s seconds left read %s", (seconds, text) => expect(formatLeft(seconds)).toBe(text));

test("an age counts from the moment, and nothing yet is never", () => {
  expect(formatAge(1000, 1300)).toBe("0.3 s ago");
  expect(formatAge(null, 0)).toBe("never");
});

test("a stage that has not ended lasts until now; one that has not begun has no duration", () => {
  expect(secondsBetween("2026-01-01T00:00:00Z", null, Date.parse("2026-01-01T00:01:00Z"))).toBe(60);
  expect(secondsBetween(null, null, 0)).toBeNull();
});

test("an axis of elapsed time counts in minutes and seconds, then in hours", () => {
  expect([10, 100, 3725].map(formatElapsed)).toEqual(["0:10", "1:40", "1:02:05"]);
});
