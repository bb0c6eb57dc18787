import { expect, test } from "vitest";
import { answer } from "./evaluation-fixture";
import { formatScore, markOf } from "./format-score";

test.each([
  [2.944, "+2.94"],
  [-0.678, "−0.68"],
  [0, "+0.00"],
  [null, "—"],
])("%d is written %s", (score, text) => {
  expect(formatScore(score)).toBe(text);
});

test.each([
  [
    [1, 3, 2],
    ["worst", "best", null],
  ],
  [
    [3, 3, 2],
    ["best", "best", "worst"],
  ],
  [
    [2, 2],
    [null, null],
  ],
  [[1], [null]],
  [
    [1, null, 2],
    ["worst", null, "best"],
  ],
])("of the scores %j the marks are %j", (scores, marks) => {
  const row = scores.map((rewardScore, index) => answer("sft", index, { rewardScore }));
  expect(row.map((one) => markOf(one, row))).toEqual(marks);
});
