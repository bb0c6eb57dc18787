import { describe, expect, test } from "vitest";
import { answerRows, filterRows, gainOf, type Sort, silentModels, sortRows } from "./answer-rows";
import { answer, evaluationWith } from "./evaluation-fixture";

const rows = answerRows(
  evaluationWith({ baseline: [1, 5, 0, null, 2], sft: [0, 0, 0, 0, 0], actor: [2, 1, 9, 4, 2] }),
);
const orderOf = (sort: Sort) => sortRows(rows, sort, "actor").map(({ index }) => index);

test("there is a row for every prompt, also before anything is answered", () => {
  const waiting = answerRows(evaluationWith({ baseline: [null, null] }, { answers: [] }));
  expect(waiting.map(({ index, answers }) => [index, answers.size])).toEqual([
    [0, 0],
    [1, 0],
  ]);
});

test("a gain needs both scores", () => {
  expect(rows.map((row) => gainOf(row, "actor"))).toEqual([1, -4, 9, null, 0]);
});

test("models without a single answer are known", () => {
  const some = evaluationWith({ baseline: [1], sft: [null], actor: [] });
  expect(silentModels(some).map(({ key }) => key)).toEqual(["actor"]);
});

describe("sorting by a model", () => {
  test.each([
    ["order", [0, 1, 2, 3, 4]],
    ["gain", [2, 0, 4, 1, 3]],
    ["best", [2, 3, 0, 4, 1]],
    ["worst", [1, 0, 4, 3, 2]],
  ] as const)("%s", (sort, expected) => {
    expect(orderOf(sort)).toEqual(expected);
  });

  test("what has no score comes last, best or worst", () => {
    const some = answerRows(evaluationWith({ sft: [null, 1, 2] }));
    expect(sortRows(some, "best", "sft").map(({ index }) => index)).toEqual([2, 1, 0]);
    expect(sortRows(some, "worst", "sft").map(({ index }) => index)).toEqual([1, 2, 0]);
  });
});

describe("filtering", () => {
  const shown = (text: string, which: "all" | "lost" | "marked" = "all", from = rows) =>
    filterRows(from, { text, shown: which, by: "actor" }).map(({ index }) => index);

  test.each([
    ["", [0, 1, 2, 3, 4]],
    ["PROMPT 2", [2]],
    ["sft 3", [3]],
    ["nowhere", []],
  ])("%j finds %j in prompts and answers", (text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  test("lost are those that scored below the baseline, not the ties and the unscored", () => {
    expect(shown("", "lost")).toEqual([1]);
  });

  test("marked are those with an answer that was cut off or repeats itself", () => {
    const answers = [
      answer("sft", 0),
      answer("sft", 1, { finishReason: "length" }),
      answer("actor", 2, { text: "I am not sure. ".repeat(8) }),
    ];
    const some = answerRows(evaluationWith({ sft: [null, null, null], actor: [] }, { answers }));
    expect(shown("", "marked", some)).toEqual([1, 2]);
  });
});
