import type { z } from "zod";
import type { Context } from "../context";
import { type DataSetSummary, ListDataSetsQuery } from "../contracts/data-sets";
import type { Page } from "../contracts/primitives";
import { dataSetSummary, WITH_NEWEST } from "./data-set-view";

/** By name; the cursor is the last name of the page before. */
export async function listDataSets({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof ListDataSetsQuery>;
}): Promise<Page<DataSetSummary>> {
  const { cursor, limit, q } = ListDataSetsQuery.parse(input);
  const rows = await ctx.db.prisma.dataSet.findMany({
    where: { name: { ...(cursor && { gt: cursor }), ...(q && { contains: q, mode: "insensitive" }) } },
    include: WITH_NEWEST,
    orderBy: { name: "asc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  return {
    items: page.map(dataSetSummary),
    nextCursor: rows.length > limit ? (page.at(-1)?.name ?? null) : null,
  };
}
