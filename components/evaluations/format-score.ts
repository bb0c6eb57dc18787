import { MISSING } from "@/components/format/format-number";
import type { AnswerView } from "@/server/contracts/evaluations";

/** A reward score with its sign: "+2.94", "−0.68" */
export function formatScore(score: number | null | undefined): string {
  if (score === null || score === undefined) return MISSING;
  return `${score < 0 ? "−" : "+"}${Math.abs(score).toFixed(2)}`;
}

export type ScoreMark = "best" | "worst" | null;

/** Which of a prompt's answers scored highest and lowest; nothing to say about fewer than two different scores. */
export function markOf(answer: AnswerView | undefined, row: Iterable<AnswerView>): ScoreMark {
  const scores = [...row].flatMap(({ rewardScore }) => (rewardScore === null ? [] : [rewardScore]));
  if (!answer || answer.rewardScore === null) return null;
  const [best, worst] = [Math.max(...scores), Math.min(...scores)];
  if (best === worst) return null;
  if (answer.rewardScore === best) return "best";
  return answer.rewardScore === worst ? "worst" : null;
}
