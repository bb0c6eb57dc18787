import type { Context } from "../context";
import type { RetryOptions } from "../contracts/estimates";
import type { StageKind } from "../contracts/statuses";
import { readRunFacts, withFields } from "../runs";
import { readEstimator } from "./estimate-run";
import { lighterFields } from "./lighter-fields";

/**
 * What a stage of a run needs, and the changes by which it would need less: for a retry after it ran out of GPU memory.
 * @throws AppError NOT_FOUND; VALIDATION when its node was removed
 */
export async function listRetryOptions({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string; stage: StageKind };
}): Promise<RetryOptions> {
  const { id, stage } = input;
  const { nodeId, parameters } = await readRunFacts(ctx.db.pool, id);
  const { estimate } = await readEstimator(ctx, { nodeId, parameters });
  const now = estimate(stage, parameters);
  const options = lighterFields(stage, parameters.stages[stage]).map(({ label, fields }) => ({
    ...{ label, fields },
    estimate: estimate(stage, withFields(parameters, stage, fields)),
  }));
  // On one GPU a higher ZeRO stage shares nothing, and its buffers come on top.
  const isLess = (need: RetryOptions["now"]) =>
    need.memory === null || now.memory === null || need.memory.totalGiB < now.memory.totalGiB;
  return { now, options: options.filter((option) => isLess(option.estimate)) };
}
