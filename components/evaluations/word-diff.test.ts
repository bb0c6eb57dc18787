import { expect, test } from "vitest";
import { repeatsItself, wordDifferences } from "./word-diff";

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

test.each([
  ["I am not sure. ".repeat(8), true],
  ["Birds fly south for the winter because food is rare and the days are short and cold there.", false],
  ["no no no", false],
])("%j repeats itself: %s", (answer, expected) => {
  expect(repeatsItself(answer)).toBe(expected);
});
