import { describe, expect, test } from "vitest";
import { answerRows } from "./answer-rows";
import { answer, evaluationWith } from "./evaluation-fixture";
import { modelFigures } from "./model-figures";
import { countByBin, placeOf, scoreScale } from "./score-histogram";
import { wilsonInterval } from "./wilson-interval";

function figuresOf(evaluation: ReturnType<typeof evaluationWith>) {
  return modelFigures(evaluation, answerRows(evaluation));
}

describe("a model's figures", () => {
  test("count wins, ties and losses against the baseline where both have a score", () => {
    const [baseline, actor] = figuresOf(
      evaluationWith({ baseline: [1, 5, 0, null, 2], actor: [2, 1, 9, 4, 2] }),
    );
    expect(baseline).toMatchObject({ meanScore: 2, duel: null, answerCount: 5 });
    expect(actor).toMatchObject({ meanScore: 3.6, duel: { wins: 2, ties: 1, losses: 1, meanGain: 1.5 } });
    expect(actor?.duel?.share.value).toBe(2.5 / 4);
  });

  test("have no duel without a baseline, and no mean without scores", () => {
    expect(figuresOf(evaluationWith({ sft: [1] }))[0]?.duel).toBeNull();
    expect(figuresOf(evaluationWith({ sft: [null] }))[0]).toMatchObject({ meanScore: null, scores: [] });
  });

  test("tell length, pace and what went wrong, of whole answers only", () => {
    const answers = [
      answer("sft", 0, { tokenCount: 10, durationMs: 500, finishReason: "length" }),
      answer("sft", 1, { tokenCount: 30, durationMs: 1500, text: "I am not sure. ".repeat(8) }),
      answer("sft", 2, { isComplete: false, tokenCount: null, durationMs: null, finishReason: null }),
    ];
    expect(figuresOf(evaluationWith({ sft: [null, null, null] }, { answers }))[0]).toMatchObject({
      answerCount: 2,
      meanTokens: 20,
      tokensPerSecond: 20,
      cutOffCount: 1,
      repeatingCount: 1,
    });
  });
});

// Worked out by the closed form (Wilson 1927) with z = 1.959964.
test.each([
  [5, 6, 0.4365, 0.9699],
  [0, 6, 0, 0.3903],
  [6, 6, 0.6097, 1],
  [50, 100, 0.4038, 0.5962],
])("%d of %d lies in [%d, %d]", (count, total, low, high) => {
  const interval = wilsonInterval(count, total);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

describe("the histogram", () => {
  const scale = { min: -2, max: 2 };

  test("counts every score once, the highest one in the last bin", () => {
    expect(countByBin([-2, -1.1, 0, 1.9, 2], scale, 4)).toEqual([2, 0, 1, 2]);
  });

  test("stands on one scale, also when all scores are equal", () => {
    expect(scoreScale([3, -1, 2])).toEqual({ min: -1, max: 3 });
    expect(scoreScale([4, 4])).toEqual({ min: 3.5, max: 4.5 });
    expect(scoreScale([])).toBeNull();
    expect(placeOf(1, scale)).toBe(0.75);
  });
});
