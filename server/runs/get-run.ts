import type { Context } from "../context";
import { AppError } from "../errors";
import { RUN_INCLUDE } from "./run-row";
import { headlinesOf, type RunRecord, runView } from "./run-view";

/** One run with its stages and attempts. Its parameters are what a clone starts from. @throws AppError NOT_FOUND */
export async function getRun({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<RunRecord> {
  const row = await ctx.db.prisma.run.findUnique({ where: { id: input.id }, include: RUN_INCLUDE });
  if (row === null) throw new AppError("NOT_FOUND", "There is no such run.");
  const headlines = await headlinesOf(ctx, [row]);
  return runView(row, headlines);
}
