import { expect, test } from "vitest";
import { wordDifferences } from "./word-diff";

test("words that the baseline did not say are marked, and the answer reads on", () => {
  const words = wordDifferences("A frog sat.", "A wise frog sat.");
  expect(words.map((word) => word.text).join("")).toBe("A wise frog sat.");
  expect(
    words
      .filter((word) => word.isNew)
      .map((word) => word.text.trim())
      .join(""),
  ).toBe("wise");
});

test("equal answers have no difference", () => {
  expect(wordDifferences("A frog sat.", "A frog sat.")).toEqual([{ text: "A frog sat.", isNew: false }]);
});
