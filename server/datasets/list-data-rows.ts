import { z } from "zod";
import type { Context } from "../context";
import { DataRow, type DataRows, ListDataRowsQuery } from "../contracts/data-sets";
import { findVersion } from "./find-version";

const Input = ListDataRowsQuery.extend({ id: z.uuid() });
const StoredRow = DataRow.extend({ rejected: z.string().nullable().default(null) });

/** Rows of one part as the training reads them. @throws AppError NOT_FOUND */
export async function listDataRows({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof Input>;
}): Promise<DataRows> {
  const { id, version, part, offset, limit } = Input.parse(input);
  const found = await findVersion(ctx, { id, version });
  const { rows: chunks } = await ctx.db.pool.query<{ firstRow: number; bytes: Buffer }>(
    `SELECT first_row AS "firstRow", bytes FROM data_set_chunk WHERE version_id = $1 AND part = $2 AND first_row < $4
       AND index >= coalesce((SELECT max(index) FROM data_set_chunk WHERE version_id = $1 AND part = $2
         AND first_row <= $3), 0) ORDER BY index`,
    [found.id, part, offset, offset + limit],
  );
  const lines = chunks.flatMap(({ bytes }) => bytes.toString("utf8").split("\n").slice(0, -1));
  const skip = offset - (chunks[0]?.firstRow ?? offset);
  const rows = lines.slice(skip, skip + limit).map((line) => StoredRow.parse(JSON.parse(line)));
  return { total: part === "train" ? found.trainCount : found.evalCount, offset, rows };
}
