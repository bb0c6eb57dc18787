import { z } from "zod";
import type { Context } from "../context";
import { DataPartQuery } from "../contracts/data-sets";
import { findVersion } from "./find-version";
import { readPart } from "./read-part";

const Input = DataPartQuery.extend({ id: z.uuid() });

/** One part as the file that a run reads: JSON lines. @throws AppError NOT_FOUND */
export async function exportDataSet({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof Input>;
}): Promise<{ bytes: AsyncIterable<Buffer>; fileName: string }> {
  const { id, version, part } = Input.parse(input);
  const found = await findVersion(ctx, { id, version });
  return {
    bytes: readPart(ctx.db.pool, { versionId: found.id, part }),
    fileName: `${found.name}-${found.number}-${part}.json`,
  };
}
