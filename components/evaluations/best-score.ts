import type { EvaluationSummary, ModelScore } from "@/server/contracts/evaluations";

/** The model with the highest mean score; the earlier one of equals; null when nothing has a score. */
export function bestScore({ scores }: Pick<EvaluationSummary, "scores">): ModelScore | null {
  return scores.reduce<ModelScore | null>((best, score) => {
    if (score.meanScore === null) return best;
    return best?.meanScore == null || score.meanScore > best.meanScore ? score : best;
  }, null);
}
