import type { Context } from "../context";
import type { RunModels } from "../contracts/evaluations";
import { describeModels } from "../recipes";
import { readRunFacts } from "../runs";

/** Every model that a run could have, with its place or why it is missing. @throws AppError NOT_FOUND */
export async function listRunModels({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<RunModels> {
  const { nodeId, checkpoints } = await readRunFacts(ctx.db.pool, input.id);
  const node = await ctx.db.prisma.node.findFirst({
    where: { id: nodeId, removedAt: null },
    select: { id: true },
  });
  return {
    models: describeModels(checkpoints),
    hasRewardModel: checkpoints.reward !== null,
    isNodeRemoved: node === null,
  };
}
