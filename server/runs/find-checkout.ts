import type { Context } from "../context";
import { CheckoutFlags } from "../recipes";

/** The flags of a node's own checkout, as the worker read them last; null while it has read none. */
export async function findCheckout(ctx: Context, nodeId: string) {
  const row = await ctx.db.prisma.nodeCheckout.findUnique({ where: { nodeId } });
  if (row === null) return null;
  // A row of another release may have another shape: the worker reads again when it connects.
  const flags = CheckoutFlags.safeParse(row.flags).data;
  return flags === undefined ? null : { ...row, flags };
}
