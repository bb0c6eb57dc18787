import type pg from "pg";
import { type Database, inTransaction } from "../db";
import { holdLease, type NodeLease } from "../nodes/lease";
import type { AppendInput, AppendPlan } from "./append-plan";
import type { AppendResult, FileCursor } from "./file-cursor";
import { planAnswersAppend } from "./plan-answers-append";
import { planEventsAppend } from "./plan-events-append";
import { planLogAppend } from "./plan-log-append";

/**
 * Takes what follows the cursor on the node. One transaction under the lease: the offset moves by compare-and-set, and
 * with it go the bytes (log), the scalars (log, events) or the answers that they hold. So no byte is lost or doubled,
 * however often this is tried and by whomever. A log takes all bytes; events and answers take whole records, and what
 * is behind the returned cursor's offset has to be passed again.
 * Completing a file twice is the same as once. null: somebody else moved the cursor; read it again.
 * @throws AppError CONFLICT when the lease is no longer ours
 */
export async function appendBytes(
  db: Database,
  lease: NodeLease,
  cursor: FileCursor,
  input: AppendInput,
): Promise<AppendResult | null> {
  const plan = await planAppend(cursor, input);
  const isUnchanged = plan.offset === cursor.offset && !input.isComplete && input.size <= cursor.size;
  if (isUnchanged && cursor.kind !== "log" && plan.corruptRecords === cursor.corruptRecords) {
    return unchanged(cursor, plan);
  }
  return inTransaction(db.pool, async (client) => {
    await holdLease(client, lease);
    const next = await moveCursor(client, cursor, { plan, input });
    if (next === null) return null;
    return { cursor: next, evidence: plan.evidence, ...(await plan.write(client)) };
  });
}

async function planAppend(cursor: FileCursor, input: AppendInput): Promise<AppendPlan> {
  if (cursor.kind === "log") return planLogAppend(cursor, input);
  return cursor.kind === "events" ? planEventsAppend(cursor, input) : planAnswersAppend(cursor, input);
}

/** A torn tail that is looked at again: nothing to write. */
function unchanged(cursor: FileCursor, plan: AppendPlan): AppendResult {
  return { cursor, evidence: plan.evidence, scalarCount: 0, progress: null, answersChanged: false };
}

async function moveCursor(
  client: pg.PoolClient,
  cursor: FileCursor,
  { plan, input }: { plan: AppendPlan; input: AppendInput },
): Promise<FileCursor | null> {
  const size = Math.max(input.size, plan.offset, cursor.size);
  const { rowCount } = await client.query(
    `UPDATE node_file SET "offset" = $3, size = greatest(size, $4), "parserState" = $5, "corruptRecords" = $6,
       "isComplete" = $7, "updatedAt" = now()
     WHERE id = $1 AND "offset" = $2`,
    [
      cursor.fileId,
      cursor.offset,
      plan.offset,
      size,
      JSON.stringify(plan.parserState),
      plan.corruptRecords,
      input.isComplete,
    ],
  );
  if (rowCount !== 1) return null;
  return {
    ...cursor,
    offset: plan.offset,
    size,
    parserState: plan.parserState,
    corruptRecords: plan.corruptRecords,
    isComplete: input.isComplete,
    isFollowed: true,
  };
}
