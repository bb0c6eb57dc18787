import type { Context } from "../context";
import { AppError } from "../errors";
import { NODE_INCLUDE, type NodeRow } from "./node-view";

/** @throws AppError NOT_FOUND, also for a node that was removed */
export async function nodeRow(ctx: Context, id: string): Promise<NodeRow> {
  const row = await ctx.db.prisma.node.findFirst({ where: { id, removedAt: null }, include: NODE_INCLUDE });
  if (row === null) throw new AppError("NOT_FOUND", "There is no such node, or it was removed.");
  return row;
}
