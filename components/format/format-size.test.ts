import { expect, test } from "vitest";
import { formatBytes, formatMiB, formatMiBAsGiB, formatRate } from "./format-size";

test("memory is in MiB with thousands separated", () => {
  expect([23052, 0, null].map(formatMiB)).toEqual(["23,052 MiB", "0 MiB", "—"]);
  expect([24576, 512, 9856].map(formatMiBAsGiB)).toEqual(["24 GiB", "0.5 GiB", "9.6 GiB"]);
});

test.each([
  [0, "0 B"],
  [1023, "1,023 B"],
  [219_719, "215 KiB"],
  [1536, "1.5 KiB"],
  [5 * 1024 ** 3, "5.0 GiB"],
])("%s bytes read %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test("a rate that is not known has no unit", () => {
  expect(formatRate(null)).toBe("—");
  expect(formatRate(1536)).toBe("1.5 KiB/s");
});
