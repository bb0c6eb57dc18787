import type { PoolClient } from "pg";
import { z } from "zod";
import { STATUSES, type Status } from "../contracts/statuses";
import { AppError } from "../errors";

export interface LockedRun {
  id: string;
  name: string;
  nodeId: string;
  status: Status;
}

/**
 * Everything that changes a run, its stages or attempts holds the run's row first, and never two runs at once but in
 * order of age: so such changes come one after the other and cannot wait for each other in a circle.
 * @throws AppError NOT_FOUND
 */
export async function lockRun(client: PoolClient, runId: string): Promise<LockedRun> {
  const { rows } = await client.query<{ id: string; name: string; nodeId: string; status: string }>(
    `SELECT id, name, "nodeId", status FROM run WHERE id = $1 FOR NO KEY UPDATE`,
    [runId],
  );
  const row = rows[0];
  if (row === undefined) throw new AppError("NOT_FOUND", "There is no such run.");
  return { ...row, status: z.enum(STATUSES).parse(row.status) };
}
