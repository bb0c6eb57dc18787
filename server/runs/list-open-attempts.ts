import { z } from "zod";
import { RenderedCommand } from "../contracts/recipes";
import { STAGE_KINDS, STATUSES } from "../contracts/statuses";
import type { Database } from "../db";

const OpenAttemptRow = z.object({
  id: z.uuid(),
  runId: z.uuid(),
  stageId: z.uuid().nullable(),
  evaluationId: z.uuid().nullable(),
  /** The stage's, or "evaluation". */
  kind: z.enum([...STAGE_KINDS, "evaluation"]),
  number: z.number().int(),
  status: z.enum(STATUSES),
  desired: z.enum(["run", "stop"]),
  stopGraceSeconds: z.number().int(),
  stopRequestedBy: z.string().nullable(),
  /** null until it was rendered for its launch. Secrets are left out. */
  command: RenderedCommand.nullable(),
  directory: z.string().nullable(),
  outputDirectory: z.string().nullable(),
  isSupervised: z.boolean(),
  exitStatus: z.number().int().nullable(),
  exitWhy: z.string().nullable(),
  stepsDone: z.number().int().nullable(),
  stepsTotal: z.number().int().nullable(),
  heartbeatAt: z.date().nullable(),
  createdAt: z.date(),
  startedAt: z.date().nullable(),
  gpuUuids: z.array(z.string()),
  /** All files of it that are followed have arrived whole; false while none is followed. */
  isFileComplete: z.boolean(),
});
export type OpenAttempt = z.infer<typeof OpenAttemptRow>;

const OPEN = `SELECT a.*, coalesce(s."runId", e."runId") AS "runId", coalesce(s.kind, 'evaluation') AS kind,
    p."gpuUuids", coalesce((SELECT bool_and(f."isComplete") FROM node_file f WHERE f."attemptId" = a.id), false)
      AS "isFileComplete"
  FROM attempt a
  JOIN placement p ON p."attemptId" = a.id AND p."nodeId" = $1
  LEFT JOIN stage s ON s.id = a."stageId"
  LEFT JOIN evaluation e ON e.id = a."evaluationId"
  WHERE a.status IN ('queued', 'starting', 'running', 'stopping')
  ORDER BY a."createdAt", a.id`;

/** Attempts on this node that have not ended, oldest first. */
export async function listOpenAttempts(db: Database, nodeId: string): Promise<OpenAttempt[]> {
  const { rows } = await db.pool.query(OPEN, [nodeId]);
  return z.array(OpenAttemptRow).parse(rows);
}
