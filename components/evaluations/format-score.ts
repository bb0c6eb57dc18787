import { MISSING } from "@/components/format/format-number";
import type { AnswerView } from "@/server/contracts/evaluations";

/** A reward score with its sign: "+2.94", "−0.68" */
export function formatScore(score: number | null | undefined): string {
  if (score === null || score === undefined) return MISSING;
  return `${score < 0 ? "−" : "+"}${Math.abs(score).toFixed(2)}`;
}

/** Mean of the scores that are there; null when none is. */
export function meanScore(answers: readonly AnswerView[]): number | null {
  const scores = answers.flatMap(({ rewardScore }) => (rewardScore === null ? [] : [rewardScore]));
  return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** Which of a prompt's answers scored highest and lowest; nothing to say about fewer than two scores. */
export function markOf(answer: AnswerView | undefined, row: readonly AnswerView[]): "best" | "worst" | null {
  const scores = row.flatMap(({ rewardScore }) => (rewardScore === null ? [] : [rewardScore]));
  if (!answer || answer.rewardScore === null || scores.length < 2) return null;
  if (answer.rewardScore === Math.max(...scores)) return "best";
  return answer.rewardScore === Math.min(...scores) ? "worst" : null;
}
