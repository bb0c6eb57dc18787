import type { Context } from "../context";
import type { AttemptView } from "../contracts/runs";
import { AppError } from "../errors";
import { attemptView } from "./attempt-view";
import { ATTEMPT_INCLUDE } from "./run-row";

/** @throws AppError NOT_FOUND */
export async function getAttempt({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<AttemptView> {
  const row = await ctx.db.prisma.attempt.findUnique({ where: { id: input.id }, include: ATTEMPT_INCLUDE });
  const runId = row?.stage?.runId ?? row?.evaluation?.runId;
  if (row === null || runId === undefined) throw new AppError("NOT_FOUND", "There is no such attempt.");
  return attemptView(row, runId);
}
