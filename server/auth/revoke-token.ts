import type { Context } from "../context";
import { AppError } from "../errors";

/** Ends one of the asking user's tokens; the next request with it is refused. */
export async function revokeToken({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<Record<string, never>> {
  const { count } = await ctx.db.prisma.apiToken.updateMany({
    where: { id: input.id, userId: ctx.actor.id, revokedAt: null },
    data: { revokedAt: ctx.now() },
  });
  if (count === 0) throw new AppError("NOT_FOUND", "There is no such token.");
  return {};
}
