import type { Context } from "../context";
import type { NodeView } from "../contracts/nodes";
import { type Page, PageQuery } from "../contracts/primitives";
import { NODE_INCLUDE, nodeView } from "./node-view";

/** By name. The cursor is the name of the last one. */
export async function listNodes({ ctx, input }: { ctx: Context; input: PageQuery }): Promise<Page<NodeView>> {
  const { cursor, limit } = PageQuery.parse(input);
  const rows = await ctx.db.prisma.node.findMany({
    where: { removedAt: null, ...(cursor === undefined ? {} : { name: { gt: cursor } }) },
    orderBy: { name: "asc" },
    take: limit + 1,
    include: NODE_INCLUDE,
  });
  const items = rows.slice(0, limit).map(nodeView);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.name ?? null) : null };
}
