import type { EvaluationView, ModelKey } from "@/server/contracts/evaluations";
import { isTerminal } from "@/server/contracts/statuses";

export interface EvaluationProgress {
  answersDone: number;
  answersTotal: number;
  scoresDone: number;
  /** What is being answered now, models taking turns in their order; null when all is answered or nothing runs. */
  now: { modelKey: ModelKey; promptIndex: number } | null;
  /** By the pace so far; null while that cannot be told. */
  secondsLeft: number | null;
}

export function evaluationProgress(evaluation: EvaluationView, nowMs: number): EvaluationProgress {
  const { models, prompts, answers, status, startedAt } = evaluation;
  const done = new Set(
    answers
      .filter(({ isComplete }) => isComplete)
      .map(({ modelKey, promptIndex }) => `${modelKey} ${promptIndex}`),
  );
  const answersTotal = models.length * prompts.length;
  const isWorking = !isTerminal(status) && status !== "queued";
  const open = models
    .flatMap(({ key }) => prompts.map((_, promptIndex) => ({ modelKey: key, promptIndex })))
    .find(({ modelKey, promptIndex }) => !done.has(`${modelKey} ${promptIndex}`));
  const elapsed = startedAt === null ? 0 : (nowMs - Date.parse(startedAt)) / 1000;
  const isPaced = isWorking && open !== undefined && done.size > 0 && elapsed > 0;
  return {
    answersDone: done.size,
    answersTotal,
    scoresDone: answers.filter(({ rewardScore }) => rewardScore !== null).length,
    now: isWorking ? (open ?? null) : null,
    secondsLeft: isPaced ? (elapsed / done.size) * (answersTotal - done.size) : null,
  };
}
