import { randomUUID } from "node:crypto";
import type { PoolClient } from "pg";

export interface CleanupInput {
  nodeId: string;
  runId: string;
  /** Attempts of which only this evaluation's are meant; null: all of the run's, its evaluations' too. */
  evaluationId: string | null;
  /** Checkpoints and event files. */
  hasOutputs: boolean;
  createdBy: string;
  now: Date;
}

/**
 * Asks the worker to remove what attempts have on their node, one request a work directory. In the transaction that
 * deletes their rows: afterwards nobody knows their names.
 */
export async function insertCleanups(client: PoolClient, input: CleanupInput): Promise<void> {
  const { nodeId, runId, evaluationId, hasOutputs, createdBy, now } = input;
  const { rows } = await client.query<{ workDirectory: string; attemptIds: string[] }>(
    `SELECT substring(a.directory FROM '^(.*)/attempts/[^/]+$') AS "workDirectory", array_agg(a.id) AS "attemptIds"
     FROM attempt a LEFT JOIN stage s ON s.id = a."stageId" LEFT JOIN evaluation e ON e.id = a."evaluationId"
     WHERE coalesce(s."runId", e."runId") = $1 AND ($2::uuid IS NULL OR e.id = $2) AND a.directory IS NOT NULL
     GROUP BY 1`,
    [runId, evaluationId],
  );
  for (const { workDirectory, attemptIds } of rows) {
    await client.query(
      `INSERT INTO node_cleanup (id, "nodeId", "workDirectory", "runId", "attemptIds", "hasDataCache", "hasOutputs",
         "createdBy", "createdAt") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        randomUUID(),
        nodeId,
        workDirectory,
        runId,
        attemptIds,
        evaluationId === null,
        hasOutputs,
        createdBy,
        now,
      ],
    );
  }
}
