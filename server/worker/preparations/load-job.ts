import { z } from "zod";
import { PreparationSettings, PreparationStep } from "../../contracts/preparation";
import type { Database } from "../../db";

/** The job under way on a node, as Postgres has it. */
export const OpenJob = z.object({
  jobId: z.uuid(),
  action: z.enum(["prepare", "uninstall"]),
  status: z.enum(["queued", "running"]),
  isCancelRequested: z.boolean(),
  requestedBy: z.string(),
  /** null: those of another version, which cannot be read any more. */
  settings: PreparationSettings.nullable().catch(null),
  /** As it was set when the job was asked for; null: asked for by a version that did not keep it. */
  workDirectory: z.string().nullable(),
  steps: z.array(PreparationStep),
  logSize: z.coerce.number().int(),
});
export type OpenJob = z.infer<typeof OpenJob>;

const OPEN_JOB = `SELECT "jobId", action, status, "isCancelRequested", "requestedBy", settings, "workDirectory", steps, "logSize"
  FROM node_preparation WHERE "nodeId" = $1 AND status IN ('queued', 'running')`;

/** null: nothing is to be done. */
export async function findOpenJob(db: Database, nodeId: string): Promise<OpenJob | null> {
  const { rows } = await db.pool.query(OPEN_JOB, [nodeId]);
  return rows[0] === undefined ? null : OpenJob.parse(rows[0]);
}
