import { expect, test } from "vitest";
import type { ModelScore } from "@/server/contracts/evaluations";
import { bestScore } from "./best-score";

const score = (modelKey: ModelScore["modelKey"], meanScore: number | null): ModelScore => ({
  modelKey,
  meanScore,
  scoredCount: meanScore === null ? 0 : 1,
});

test.each([
  ["the highest mean", [score("baseline", 1), score("sft", 3), score("actor", 2)], "sft"],
  ["also below zero", [score("baseline", -2), score("sft", -1)], "sft"],
  [
    "also past models without a score",
    [score("baseline", null), score("sft", 0), score("actor", null)],
    "sft",
  ],
  ["the earlier of equals", [score("sft", 2), score("actor", 2)], "sft"],
  ["none without scores", [score("baseline", null)], undefined],
])("the best is %s", (_what, scores, expected) => {
  expect(bestScore({ scores })?.modelKey).toBe(expected);
});
