import { expect, test } from "vitest";
import {
  formatCount,
  formatPercent,
  formatScalar,
  formatSi,
  formatSigned,
  formatTicks,
} from "./format-number";

test.each([
  [23052, "23,052"],
  [-1200, "−1,200"],
  [null, "—"],
])("a count %s reads %s", (value, text) => expect(formatCount(value)).toBe(text));

test.each([
  [1.8085135221481323, "1.809"],
  [-0.684, "−0.684"],
  [0, "0"],
  [1024, "1,024"],
  [9.65e-6, "9.65e−6"],
  [2_500_000, "2.5e6"],
  [Number.NaN, "NaN"],
  [Number.NEGATIVE_INFINITY, "−∞"],
  [null, "—"],
])("a scalar %s reads %s", (value, text) => expect(formatScalar(value)).toBe(text));

test("signed values show both signs", () => {
  expect([2.94, -0.68, 0].map(formatSigned)).toEqual(["+2.94", "−0.68", "0"]);
});

test.each([
  [0, "0"],
  [0.25, "0.25"],
  [12_500, "12.5k"],
  [0.0004, "400µ"],
  [-3_000_000, "−3M"],
])("an axis value %s reads %s", (value, text) => expect(formatSi(value)).toBe(text));

test("a missing percentage is a dash, never 0", () => {
  expect([99.4, 0, null].map(formatPercent)).toEqual(["99 %", "0 %", "—"]);
});

test.each([
  [
    [0, 0.005, 0.01, 0.015],
    ["0", "0.005", "0.01", "0.015"],
  ],
  [
    [0, 2.5e-4, 5e-4],
    ["0", "2.5e−4", "5e−4"],
  ],
  [
    [-0.5, 0, 0.5],
    ["−0.5", "0", "0.5"],
  ],
  [
    [0, 500, 12_500],
    ["0", "500", "12.5k"],
  ],
])("the marks %s of an axis share one notation", (values, texts) => {
  expect(formatTicks(values)).toEqual(texts);
});
