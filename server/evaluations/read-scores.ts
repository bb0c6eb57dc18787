import type { Context } from "../context";
import { MODEL_KEYS, type ModelScore } from "../contracts/evaluations";

/** Mean score by evaluation and model, of the answers that have one. */
export async function readScores(ctx: Context, ids: readonly string[]): Promise<Map<string, ModelScore[]>> {
  const rows = await ctx.db.prisma.answer.groupBy({
    by: ["evaluationId", "modelKey"],
    where: { evaluationId: { in: [...ids] }, rewardScore: { not: null } },
    _count: { rewardScore: true },
    _avg: { rewardScore: true },
  });
  const scores = new Map<string, ModelScore[]>();
  for (const { evaluationId, modelKey, _count, _avg } of rows) {
    const key = MODEL_KEYS.find((known) => known === modelKey);
    if (key === undefined) continue;
    const score = { modelKey: key, scoredCount: _count.rewardScore, meanScore: _avg.rewardScore };
    scores.set(evaluationId, [...(scores.get(evaluationId) ?? []), score]);
  }
  return scores;
}
