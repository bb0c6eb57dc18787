import { z } from "zod";
import type { Context } from "../context";
import { EvaluationModel, EvaluationRequest, GenerationSettings } from "../contracts/evaluations";
import { AppError } from "../errors";
import { effectiveValue } from "../recipes";
import { readRunFacts } from "../runs";

const Row = z.object({
  runId: z.uuid(),
  prompts: z.array(z.string()),
  models: z.array(EvaluationModel),
  settings: GenerationSettings,
});

/**
 * The evaluation program's whole input: prompts and models as they were chosen, and the run's own reward model.
 * @throws AppError NOT_FOUND
 */
export async function buildEvaluationRequest({
  ctx,
  attemptId,
}: {
  ctx: Context;
  attemptId: string;
}): Promise<EvaluationRequest> {
  const { rows } = await ctx.db.pool.query(
    `SELECT e."runId", e.prompts, e.models, e.settings FROM attempt a JOIN evaluation e ON e.id = a."evaluationId"
     WHERE a.id = $1`,
    [attemptId],
  );
  if (rows[0] === undefined) throw new AppError("NOT_FOUND", "There is no such evaluation.");
  const { runId, ...chosen } = Row.parse(rows[0]);
  const { parameters, checkpoints } = await readRunFacts(ctx.db.pool, runId);
  const padding = effectiveValue("reward", parameters.stages.reward, "num_padding_at_beginning");
  const rewardModel =
    checkpoints.reward === null ? null : { path: checkpoints.reward, numPaddingAtBeginning: Number(padding) };
  return EvaluationRequest.parse({ version: 1, ...chosen, rewardModel });
}
