import type { PoolClient } from "pg";
import { z } from "zod";
import { STATUSES } from "../contracts/statuses";
import { AppError } from "../errors";
import { lockRun } from "../runs";

const Row = z.object({ id: z.uuid(), runId: z.uuid(), name: z.string(), status: z.enum(STATUSES) });
export type LockedEvaluation = z.infer<typeof Row> & { nodeId: string };

/** Locks the evaluation's run, which everything about it is ordered by, and reads it. @throws AppError NOT_FOUND */
export async function lockEvaluation(client: PoolClient, id: string): Promise<LockedEvaluation> {
  const read = () => client.query(`SELECT id, "runId", name, status FROM evaluation WHERE id = $1`, [id]);
  const found = (await read()).rows[0];
  if (found === undefined) throw new AppError("NOT_FOUND", "There is no such evaluation.");
  const run = await lockRun(client, Row.parse(found).runId);
  // Read again: it may have moved on while we waited for the lock.
  const row = Row.safeParse((await read()).rows[0]).data;
  if (row === undefined) throw new AppError("NOT_FOUND", "There is no such evaluation.");
  return { ...row, nodeId: run.nodeId };
}
