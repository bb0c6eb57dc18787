import { describe, expect, test } from "vitest";
import { marksOf, repeatsItself } from "./answer-marks";
import { answer } from "./evaluation-fixture";

test.each([
  ["I am not sure. ".repeat(8), true],
  ["Birds fly south for the winter because food is rare and the days are short and cold there.", false],
  ["no no no", false],
])("%j repeats itself: %s", (text, expected) => {
  expect(repeatsItself(text)).toBe(expected);
});

describe("what is said about an answer", () => {
  test.each([
    ["nothing about a good one", {}, []],
    ["that it was cut off, and where", { finishReason: "length", tokenCount: 64 }, ["cut off at 64 tokens"]],
    ["that it is empty", { text: " " }, ["says nothing"]],
    ["that training changed nothing", { text: "a frog" }, ["same as the baseline"]],
    ["nothing while it is generated", { text: "a frog", isComplete: false }, []],
  ] as const)("%s", (_what, change, expected) => {
    expect(marksOf(answer("sft", 0, change), "a frog")).toEqual(expected);
  });
});
