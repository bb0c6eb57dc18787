import type { AnswerView, EvaluationModel, EvaluationView, ModelKey } from "@/server/contracts/evaluations";
import { isCutOff, repeatsItself } from "./answer-marks";
import { type AnswerRow, gainOf } from "./answer-rows";
import { type Interval, wilsonInterval } from "./wilson-interval";

export interface ModelFigures {
  model: EvaluationModel;
  answerCount: number;
  scores: number[];
  meanScore: number | null;
  /** null: it is the baseline, there is none, or nothing has been scored yet. */
  duel: Duel | null;
  meanTokens: number | null;
  tokensPerSecond: number | null;
  cutOffCount: number;
  repeatingCount: number;
}

/** A model against the baseline, prompt by prompt. */
export interface Duel {
  wins: number;
  ties: number;
  losses: number;
  meanGain: number;
  /** A tie counts half. 95 %. */
  share: Interval;
}

export function modelFigures(
  { models }: Pick<EvaluationView, "models">,
  rows: readonly AnswerRow[],
): ModelFigures[] {
  return models.map((model) => {
    const answers = rows.flatMap((row) => row.answers.get(model.key) ?? []).filter((one) => one.isComplete);
    const scores = answers.flatMap(({ rewardScore }) => (rewardScore === null ? [] : [rewardScore]));
    return {
      model,
      answerCount: answers.length,
      scores,
      meanScore: mean(scores),
      duel: model.key === "baseline" ? null : duel(rows, model.key),
      meanTokens: mean(answers.flatMap(({ tokenCount }) => (tokenCount === null ? [] : [tokenCount]))),
      tokensPerSecond: pace(answers),
      cutOffCount: answers.filter(isCutOff).length,
      repeatingCount: answers.filter(({ text }) => repeatsItself(text)).length,
    };
  });
}

function duel(rows: readonly AnswerRow[], key: ModelKey): Duel | null {
  const gains = rows.flatMap((row) => gainOf(row, key) ?? []);
  const meanGain = mean(gains);
  if (meanGain === null) return null;
  const wins = gains.filter((gain) => gain > 0).length;
  const losses = gains.filter((gain) => gain < 0).length;
  const ties = gains.length - wins - losses;
  return { wins, ties, losses, meanGain, share: wilsonInterval(wins + ties / 2, gains.length) };
}

/** Of the answers that say how long they took. */
function pace(answers: readonly AnswerView[]): number | null {
  const timed = answers.filter(({ tokenCount, durationMs }) => tokenCount !== null && durationMs !== null);
  const seconds = sum(timed.map(({ durationMs }) => durationMs ?? 0)) / 1000;
  return seconds === 0 ? null : sum(timed.map(({ tokenCount }) => tokenCount ?? 0)) / seconds;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
