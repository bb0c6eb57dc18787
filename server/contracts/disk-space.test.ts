import { expect, it } from "vitest";
import { diskSpaceOf, isDiskLow } from "./disk-space";

it.each([
  ["half of a small disk", 10, 20, false],
  ["less than 10 GB of a small disk", 9.3, 20, true],
  ["just 10 GB", 9.32, 20, false],
  ["5 % of a large disk", 100, 2000, false],
  ["less than 5 % of a large disk", 99.9, 2000, true],
  ["nothing", 0, 2000, true],
])("%s is low: %s of %s GiB, %s", (_name, freeGiB, totalGiB, isLow) => {
  expect(isDiskLow({ freeGiB, totalGiB })).toBe(isLow);
});

it("a disk that could not be read is not known, neither full nor empty", () => {
  expect(diskSpaceOf({ diskFreeGiB: null, diskTotalGiB: 20 })).toBeNull();
  expect(diskSpaceOf(null)).toBeNull();
  expect(diskSpaceOf({ diskFreeGiB: 0, diskTotalGiB: 20 })).toEqual({ freeGiB: 0, totalGiB: 20 });
});
