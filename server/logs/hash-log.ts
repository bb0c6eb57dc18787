import { createHash } from "node:crypto";
import type { Context } from "../context";
import { pagesOf } from "./stream-log";

/** SHA-256 (hex) of each generation of an attempt's log as it is stored, one page in memory at a time. */
export async function hashLog(ctx: Context, attemptId: string): Promise<string[]> {
  const { rows } = await ctx.db.pool.query<{ fileId: string; size: number }>(
    `SELECT id AS "fileId", "offset"::float8 AS size FROM node_file WHERE "attemptId" = $1 AND kind = 'log'
     ORDER BY generation`,
    [attemptId],
  );
  const hashes: string[] = [];
  for (const file of rows) {
    const hash = createHash("sha256");
    for await (const page of pagesOf(ctx, file)) hash.update(page);
    hashes.push(hash.digest("hex"));
  }
  return hashes;
}
