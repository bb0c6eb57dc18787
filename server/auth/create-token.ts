import { randomUUID } from "node:crypto";
import type { Context } from "../context";
import { type CreatedToken, CreateTokenInput } from "../contracts/tokens";
import { AppError } from "../errors";
import { hashToken, newToken, shownPrefix } from "./token-hash";
import { tokenView } from "./token-view";

const DAY_MS = 86_400_000;

/** Makes an API token of the asking user; of the oldest admin when the system itself asks (the command line). */
export async function createToken({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateTokenInput;
}): Promise<CreatedToken> {
  const { name, expiresInDays } = CreateTokenInput.parse(input);
  const userId = ctx.actor.role === "system" ? await oldestAdmin(ctx) : ctx.actor.id;
  const token = newToken();
  const expiresAt = expiresInDays === null ? null : new Date(ctx.now().getTime() + expiresInDays * DAY_MS);
  const id = randomUUID();
  const [row] = await ctx.db.prisma.$transaction([
    ctx.db.prisma.apiToken.create({
      data: { id, userId, name, hash: hashToken(token), prefix: shownPrefix(token), expiresAt },
    }),
    ctx.db.prisma.auditEvent.create({
      data: {
        at: ctx.now(),
        actor: ctx.actor.name,
        action: "token.create",
        object: `token ${id}`,
        detail: { name },
      },
    }),
  ]);
  return { ...tokenView(row), token };
}

async function oldestAdmin(ctx: Context): Promise<string> {
  const admin = await ctx.db.prisma.user.findFirst({
    where: { role: "admin" },
    orderBy: { createdAt: "asc" },
  });
  if (admin === null) {
    throw new AppError("PRECONDITION", "There is no user yet.", {
      hint: "Start Trainyard once: it makes the first admin.",
    });
  }
  return admin.id;
}
