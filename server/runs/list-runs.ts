import { z } from "zod";
import type { Context } from "../context";
import type { Page } from "../contracts/primitives";
import { ListRunsQuery, type RunSummary } from "../contracts/runs";
import { ACTIVE_STATUSES, TERMINAL_STATUSES } from "../contracts/statuses";
import type { Prisma } from "../db";
import { validationError } from "../errors";
import { SUMMARY_INCLUDE } from "./run-row";
import { headlinesOf, runSummary } from "./run-view";

/** Newest first. The cursor is the place of the last one, so that runs that begin meanwhile shift nothing. */
export async function listRuns({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof ListRunsQuery>;
}): Promise<Page<RunSummary>> {
  const query = ListRunsQuery.parse(input);
  const rows = await ctx.db.prisma.run.findMany({
    where: { AND: [filterOf(query), query.cursor === undefined ? {} : after(query.cursor)] },
    include: SUMMARY_INCLUDE,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  const headlines = await headlinesOf(ctx, page);
  const last = page.at(-1);
  return {
    items: page.map((row) => runSummary(row, { headlines, now: ctx.now() })),
    nextCursor: rows.length > query.limit && last ? cursorOf(last) : null,
  };
}

function filterOf(query: ListRunsQuery): Prisma.RunWhereInput {
  return {
    ...(query.status === "active" ? { status: { in: [...ACTIVE_STATUSES] } } : {}),
    ...(query.status === "ended" ? { status: { in: [...TERMINAL_STATUSES] } } : {}),
    ...(query.nodeId === undefined ? {} : { nodeId: query.nodeId }),
    ...(query.q ? { name: { contains: query.q, mode: "insensitive" as const } } : {}),
  };
}

function cursorOf(row: { createdAt: Date; id: string }): string {
  return `${row.createdAt.getTime()}_${row.id}`;
}

function after(cursor: string): Prisma.RunWhereInput {
  const [time = "", id = ""] = cursor.split("_");
  const createdAt = new Date(Number(time));
  if (Number.isNaN(createdAt.getTime()) || !z.uuid().safeParse(id).success) {
    throw validationError([{ path: "cursor", message: "This is not a cursor of this list." }]);
  }
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] };
}
