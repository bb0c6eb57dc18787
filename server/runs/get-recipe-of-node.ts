import type { Context } from "../context";
import type { RecipeView } from "../contracts/recipes";
import { AppError } from "../errors";
import { getRecipe, withCheckout } from "../recipes";
import { findCheckout } from "./find-checkout";

/**
 * A recipe with the fields of the checkout on a node; the shipped ones without a node, or while its checkout has not been read.
 * @throws AppError NOT_FOUND
 */
export async function getRecipeOfNode({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string; nodeId?: string | undefined };
}): Promise<RecipeView> {
  const recipe = getRecipe(input.id);
  const { nodeId } = input;
  if (nodeId === undefined) return recipe;
  const node = await ctx.db.prisma.node.findUnique({
    where: { id: nodeId, removedAt: null },
    select: { id: true },
  });
  if (node === null) throw new AppError("NOT_FOUND", "There is no such node.");
  const checkout = await findCheckout(ctx, nodeId);
  if (checkout === null) return recipe;
  const { commit, contentHash, flags } = checkout;
  return {
    ...withCheckout(recipe, flags),
    checkout: { nodeId, commit, contentHash, readAt: checkout.readAt.toISOString() },
  };
}
