import type { Context } from "../context";
import type { DataSetView } from "../contracts/data-sets";
import { AppError } from "../errors";
import { dataSetView, WITH_VERSIONS } from "./data-set-view";

/** With all of its versions. @throws AppError NOT_FOUND */
export async function getDataSet({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<DataSetView> {
  const row = await ctx.db.prisma.dataSet.findUnique({ where: { id: input.id }, include: WITH_VERSIONS });
  if (row === null) throw new AppError("NOT_FOUND", "There is no such data set.");
  return dataSetView(row);
}
