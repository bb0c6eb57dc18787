import { z } from "zod";
import type { Context } from "../context";
import type { EvaluationSummary } from "../contracts/evaluations";
import { Id, type Page, PageQuery } from "../contracts/primitives";
import type { Prisma } from "../db";
import { validationError } from "../errors";
import { evaluationSummary, SUMMARY_INCLUDE } from "./evaluation-view";
import { readScores } from "./read-scores";

const ListEvaluationsQuery = PageQuery.extend({ runId: Id.optional() });

/** Newest first, of one run or of all. */
export async function listEvaluations({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof ListEvaluationsQuery>;
}): Promise<Page<EvaluationSummary>> {
  const { cursor, limit, runId } = ListEvaluationsQuery.parse(input);
  const rows = await ctx.db.prisma.evaluation.findMany({
    where: { AND: [runId === undefined ? {} : { runId }, cursor === undefined ? {} : after(cursor)] },
    include: SUMMARY_INCLUDE,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const scores = await readScores(
    ctx,
    page.map(({ id }) => id),
  );
  const last = page.at(-1);
  const nextCursor = rows.length > limit && last ? `${last.createdAt.getTime()}_${last.id}` : null;
  return { items: page.map((row) => evaluationSummary(row, scores.get(row.id) ?? [])), nextCursor };
}

function after(cursor: string): Prisma.EvaluationWhereInput {
  const [time = "", id = ""] = cursor.split("_");
  const createdAt = new Date(Number(time));
  if (Number.isNaN(createdAt.getTime()) || !z.uuid().safeParse(id).success) {
    throw validationError([{ path: "cursor", message: "This is not a cursor of this list." }]);
  }
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] };
}
