import type { Context } from "../context";
import { AppError } from "../errors";

/** Ends one of the asking user's tokens (any, when the system itself asks); the next request with it is refused. */
export async function revokeToken({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<Record<string, never>> {
  const owner = ctx.actor.role === "system" ? {} : { userId: ctx.actor.id };
  await ctx.db.prisma.$transaction(async (tx) => {
    const { count } = await tx.apiToken.updateMany({
      where: { id: input.id, revokedAt: null, ...owner },
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
