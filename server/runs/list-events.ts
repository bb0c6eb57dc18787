import { z } from "zod";
import type { Context } from "../context";
import type { AttemptEventView } from "../contracts/attempts";
import { STATUSES } from "../contracts/statuses";
import { AppError } from "../errors";

/** What happened to an attempt, oldest first: a handful of rows in a whole life. @throws AppError NOT_FOUND */
export async function listEvents({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<{ items: AttemptEventView[] }> {
  const attempt = await ctx.db.prisma.attempt.findUnique({
    where: { id: input.id },
    select: { events: { orderBy: { id: "asc" } } },
  });
  if (attempt === null) throw new AppError("NOT_FOUND", "There is no such attempt.");
  return {
    items: attempt.events.map((event) => ({
      id: event.id.toString(),
      attemptId: event.attemptId,
      status: z.enum(STATUSES).parse(event.status),
      reason: event.reason,
      actor: event.actor,
      isTerminal: event.isTerminal,
      at: event.at.toISOString(),
    })),
  };
}
