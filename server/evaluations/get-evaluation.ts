import type { Context } from "../context";
import type { EvaluationView } from "../contracts/evaluations";
import { AppError } from "../errors";
import { EVALUATION_INCLUDE, evaluationView } from "./evaluation-view";
import { readScores } from "./read-scores";

/** One evaluation with the answers that have arrived. @throws AppError NOT_FOUND */
export async function getEvaluation({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<EvaluationView> {
  const row = await ctx.db.prisma.evaluation.findUnique({
    where: { id: input.id },
    include: EVALUATION_INCLUDE,
  });
  if (row === null) throw new AppError("NOT_FOUND", "There is no such evaluation.");
  const scores = await readScores(ctx, [row.id]);
  return evaluationView(row, scores.get(row.id) ?? []);
}
