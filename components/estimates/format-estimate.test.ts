import { expect, test } from "vitest";
import { basisText, formatEstimatedTime, formatGiB, formatMoney } from "./format-estimate";

test.each([
  [22.1234, "22.1"],
  [24, "24"],
  [0.153, "0.15"],
])("%d GiB reads %s", (gib, text) => expect(formatGiB(gib)).toBe(text));

test.each([
  [14_832, "4 h 07 min"],
  [2.4, "under 1 min"],
  [89, "1 min"],
])("%d seconds read %s", (seconds, text) => expect(formatEstimatedTime(seconds)).toBe(text));

test.each([
  [4.018, "4.02"],
  [1620.4, "1,620"],
])("%d of money reads %s", (amount, text) => expect(formatMoney(amount)).toBe(text));

test("a time says where it comes from", () => {
  expect(basisText({ seconds: 1, basis: "published", runCount: 0, isSameSettings: false })).toBe(
    "by published figures",
  );
  expect(basisText({ seconds: 1, basis: "own", runCount: 3, isSameSettings: false })).toBe(
    "as 3 finished stages here took",
  );
});
