import { describe, expect, it } from "vitest";
import { createParameters, type Parameters } from "../model/parameters";
import { createRandom, fillNormal } from "../model/random";
import { type Experience, estimateAdvantages } from "./experience";
import { LanguageModelLoss } from "./language-model";
import { PpoLoss } from "./ppo-loss";
import { RankingLoss } from "./reward-model";

const SHAPE = { vocabularySize: 11, embeddingSize: 4, hiddenSize: 6, window: 2 };
const STEP = 1e-2;

function randomParameters(): Parameters {
  const parameters = createParameters(SHAPE);
  fillNormal(parameters.flat, createRandom(7), 0.5);
  return parameters;
}

/** Compares every partial derivative with the slope between two points. */
function expectGradient(
  parameters: Parameters,
  loss: () => number,
  accumulate: (gradients: Parameters) => void,
): void {
  const gradients = createParameters(SHAPE);
  accumulate(gradients);
  let largest = 0;
  for (let i = 0; i < parameters.flat.length; i++) {
    const value = parameters.flat[i] as number;
    parameters.flat[i] = value + STEP;
    const above = loss();
    parameters.flat[i] = value - STEP;
    const below = loss();
    parameters.flat[i] = value;
    const slope = (above - below) / (2 * STEP);
    expect(Math.abs((gradients.flat[i] as number) - slope), `parameter ${i}`).toBeLessThan(
      1e-3 + 0.02 * Math.abs(slope),
    );
    largest = Math.max(largest, Math.abs(slope));
  }
  expect(largest).toBeGreaterThan(0.01);
}

const SEQUENCES = [
  [3, 5, 7, 5, 2],
  [4, 4, 9, 10, 6, 8, 2],
];

describe("gradients agree with finite differences", () => {
  it("of the language model's cross-entropy", () => {
    const parameters = randomParameters();
    const loss = new LanguageModelLoss();
    expectGradient(
      parameters,
      () => loss.evaluate(parameters, SEQUENCES),
      (gradients) => loss.accumulate(parameters, gradients, SEQUENCES, 1),
    );
  });

  it("of the pairwise ranking loss", () => {
    const parameters = randomParameters();
    const loss = new RankingLoss();
    const pairs = [
      { chosen: [3, 5, 7, 2], rejected: [3, 5, 8, 9, 10, 2] },
      { chosen: [4, 6, 6, 7, 2], rejected: [4, 2] },
    ];
    expectGradient(
      parameters,
      () => loss.evaluate(parameters, pairs).loss,
      (gradients) => loss.accumulate(parameters, gradients, pairs, 1),
    );
  });

  it("of the actor's and the critic's clipped losses", () => {
    const parameters = randomParameters();
    const loss = new PpoLoss();
    const experiences: Experience[] = [
      {
        prompt: [3, 5],
        sequence: [3, 5, 7, 8, 2],
        logProbabilities: [-2, -2.2, -2.4],
        values: [0.4, 0.2, 0.3],
        reward: 1,
        advantages: [0.5, -0.7, 1.1],
        returns: [1, 0.6, 0.9],
      },
    ];
    const scratch = () => ({ parameters, gradients: createParameters(SHAPE) });
    expectGradient(
      parameters,
      () => loss.actor(scratch(), experiences, 1),
      (gradients) => loss.actor({ parameters, gradients }, experiences, 1),
    );
    expectGradient(
      parameters,
      () => loss.critic(scratch(), experiences, 1),
      (gradients) => loss.critic({ parameters, gradients }, experiences, 1),
    );
  });
});

it("advantages are discounted sums of what the critic did not expect", () => {
  const advantages = estimateAdvantages([0, 0, 1], [0.5, 0.5, 0.5]);
  expect(advantages[2]).toBeCloseTo(0.5);
  expect(advantages[1]).toBeCloseTo(0.95 * 0.5);
  expect(advantages[0]).toBeCloseTo(0.95 * 0.95 * 0.5);
});
