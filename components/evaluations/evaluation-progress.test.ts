import { expect, test } from "vitest";
import { answer, evaluationWith } from "./evaluation-fixture";
import { evaluationProgress } from "./evaluation-progress";

const START = Date.parse("2026-01-01T00:00:00.000Z");
const SHAPE = { baseline: [null, null, null], sft: [] };

test("a running one tells what is answered now and how long the rest takes at this pace", () => {
  const answers = [
    answer("baseline", 0),
    answer("baseline", 1, { rewardScore: 2 }),
    answer("baseline", 2, { isComplete: false }),
  ];
  const evaluation = evaluationWith(SHAPE, { answers, status: "running" });
  expect(evaluationProgress(evaluation, START + 10_000)).toEqual({
    answersDone: 2,
    answersTotal: 6,
    scoresDone: 1,
    now: { modelKey: "baseline", promptIndex: 2 },
    secondsLeft: 20,
  });
});

test.each(["queued", "succeeded", "cancelled"] as const)("a %s one answers nothing now", (status) => {
  const evaluation = evaluationWith(SHAPE, { answers: [answer("baseline", 0)], status });
  expect(evaluationProgress(evaluation, START + 10_000)).toMatchObject({ now: null, secondsLeft: null });
});

test("there is no estimate before the first answer, and none when only scores are missing", () => {
  const before = evaluationWith(SHAPE, { answers: [], status: "running" });
  expect(evaluationProgress(before, START + 10_000)).toMatchObject({
    now: { modelKey: "baseline", promptIndex: 0 },
    secondsLeft: null,
  });
  const scoring = evaluationWith({ sft: [null] }, { status: "running" });
  expect(evaluationProgress(scoring, START + 10_000)).toMatchObject({ now: null, secondsLeft: null });
});
