import { setImmediate as nextTurn } from "node:timers/promises";
import type { z } from "zod";
import type { Context } from "../context";
import { LogSearchQuery, type LogSearchResult } from "../contracts/attempts";
import { findLog } from "./find-log";
import { LineSearch } from "./line-search";
import { pagesOf } from "./stream-log";

/** A search reads no more than this, so that one request stays within seconds; then it says that it was cut. */
const MOST_BYTES = 268_435_456;

/**
 * Lines of an attempt's log that contain `q`, without regard to case, oldest first.
 * @throws AppError NOT_FOUND (no such attempt, no such generation)
 */
export async function searchLog({
  ctx,
  input,
}: {
  ctx: Context;
  input: { attemptId: string } & z.input<typeof LogSearchQuery>;
}): Promise<LogSearchResult> {
  const query = LogSearchQuery.parse(input);
  const log = await findLog(ctx, input.attemptId, query.generation);
  if (log === null) return { matches: [], isTruncated: false };
  const size = Math.min(log.size, MOST_BYTES);
  // One more than asked for tells whether there are more.
  const search = new LineSearch(query.q, query.limit + 1);
  for await (const page of pagesOf(ctx, { fileId: log.fileId, size })) {
    search.push(page);
    if (search.isFull) break;
    await nextTurn();
  }
  search.finish();
  const isTruncated = search.isFull || size < log.size;
  return { matches: search.matches.slice(0, query.limit), isTruncated };
}
