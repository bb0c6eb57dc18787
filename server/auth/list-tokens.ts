import type { Context } from "../context";
import type { TokenView } from "../contracts/tokens";
import { tokenView } from "./token-view";

export async function listTokens({ ctx }: { ctx: Context }): Promise<{ items: TokenView[] }> {
  const rows = await ctx.db.prisma.apiToken.findMany({
    where: { userId: ctx.actor.id, revokedAt: null },
    orderBy: { createdAt: "desc" },
  });
  return { items: rows.map(tokenView) };
}
