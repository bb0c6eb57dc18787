import type { Context } from "../context";
import { AppError } from "../errors";

export interface FoundVersion {
  id: string;
  name: string;
  number: number;
  trainCount: number;
  evalCount: number;
}

/** One version by its number, or the newest. @throws AppError NOT_FOUND */
export async function findVersion(
  ctx: Context,
  { id, version }: { id: string; version: number | undefined },
): Promise<FoundVersion> {
  const row = await ctx.db.prisma.dataSetVersion.findFirst({
    where: { dataSetId: id, ...(version === undefined ? {} : { number: version }) },
    include: { dataSet: { select: { name: true } } },
    orderBy: { number: "desc" },
  });
  if (row === null) throw new AppError("NOT_FOUND", "There is no such version of a data set.");
  const { trainCount, evalCount, number } = row;
  return { id: row.id, name: row.dataSet.name, number, trainCount, evalCount };
}
