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
  await ctx.db.prisma.$transaction(async (tx) => {
    const { count } = await tx.apiToken.updateMany({
      where: { id: input.id, userId: ctx.actor.id, revokedAt: null },
      data: { revokedAt: ctx.now() },
    });
    if (count === 0) throw new AppError("NOT_FOUND", "There is no such token.");
    const { name: actor } = ctx.actor;
    await tx.auditEvent.create({
      data: { at: ctx.now(), actor, action: "token.revoke", object: `token ${input.id}` },
    });
  });
  return {};
}
