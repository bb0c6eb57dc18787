import { z } from "zod";
import type { Context } from "../context";
import type { Page } from "../contracts/primitives";
import { ListRunsQuery, type RunOrder } from "../contracts/runs";
import { ACTIVE_STATUSES, type Status, TERMINAL_STATUSES } from "../contracts/statuses";
import type { Prisma } from "../db";
import { validationError } from "../errors";
import { SUMMARY_INCLUDE } from "./run-row";
import { headlinesOf, type RunSummaryRecord, runSummary } from "./run-view";

/** The cursor is the place of the last one, so that runs that begin meanwhile shift nothing. @throws AppError VALIDATION */
export async function listRuns({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof ListRunsQuery>;
}): Promise<Page<RunSummaryRecord>> {
  const query = ListRunsQuery.parse(input);
  const place = query.cursor === undefined ? {} : behind(query.cursor, query.sort);
  const rows = await ctx.db.prisma.run.findMany({
    where: { AND: [filterOf(query), place] },
    include: SUMMARY_INCLUDE,
    orderBy: ORDER[query.sort],
    take: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  const headlines = await headlinesOf(ctx, page);
  const last = page.at(-1);
  return {
    items: page.map((row) => runSummary(row, headlines)),
    nextCursor: rows.length > query.limit && last ? cursorOf(last, query.sort) : null,
  };
}

/** Equal times and names are told apart by the id, in the same direction. */
const ORDER = {
  newest: [{ createdAt: "desc" }, { id: "desc" }],
  oldest: [{ createdAt: "asc" }, { id: "asc" }],
  name: [{ name: "asc" }, { id: "asc" }],
} as const satisfies Record<RunOrder, Prisma.RunOrderByWithRelationInput[]>;

function filterOf(query: ListRunsQuery): Prisma.RunWhereInput {
  return {
    ...(query.status === undefined ? {} : { status: { in: statusesOf(query.status) } }),
    ...(query.nodeId === undefined ? {} : { nodeId: query.nodeId }),
    ...(query.q ? { name: { contains: query.q, mode: "insensitive" as const } } : {}),
  };
}

function statusesOf(status: NonNullable<ListRunsQuery["status"]>): Status[] {
  if (status === "active") return [...ACTIVE_STATUSES];
  return status === "ended" ? [...TERMINAL_STATUSES] : [status];
}

/** Id and sort value of a run: its place holds when the run itself is deleted. */
function cursorOf(row: { id: string; name: string; createdAt: Date }, sort: RunOrder): string {
  return `${row.id}_${sort === "name" ? row.name : row.createdAt.getTime()}`;
}

function behind(cursor: string, sort: RunOrder): Prisma.RunWhereInput {
  const match = /^([0-9a-f-]{36})_(.+)$/s.exec(cursor);
  const [, id = "", value = ""] = match ?? [];
  const createdAt = new Date(Number(value));
  if (!z.uuid().safeParse(id).success || (sort !== "name" && Number.isNaN(createdAt.getTime()))) {
    throw validationError([{ path: "cursor", message: "This is not a cursor of this list." }]);
  }
  if (sort === "name") return { OR: [{ name: { gt: value } }, { name: value, id: { gt: id } }] };
  const side = sort === "newest" ? "lt" : "gt";
  return { OR: [{ createdAt: { [side]: createdAt } }, { createdAt, id: { [side]: id } }] };
}
