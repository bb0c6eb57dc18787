import { expect, it } from "vitest";
import { suggestName } from "./suggest-name";

it.each([
  ["My Pairs (2).jsonl", "my-pairs-2"],
  ["train-00000-of-00001.parquet", "train-00000-of-00001"],
  ["数据.csv", ""],
  [`${"x".repeat(90)}.json`, "x".repeat(64)],
])("%s becomes %j", (fileName, name) => {
  expect(suggestName(fileName)).toBe(name);
});
