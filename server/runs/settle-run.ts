import type { PoolClient } from "pg";
import { z } from "zod";
import { isTerminal, STAGE_KINDS, STATUSES } from "../contracts/statuses";
import { rollUp, turnOf } from "./domain";

const StageRow = z.object({
  id: z.uuid(),
  kind: z.enum(STAGE_KINDS),
  status: z.enum(STATUSES),
  hasOpenAttempt: z.boolean(),
});

/**
 * After a stage has changed: calls off queued stages that can no longer start, then writes the run's status and times.
 * The caller holds the run (lockRun).
 */
export async function settleRun(
  client: PoolClient,
  { runId, now }: { runId: string; now: Date },
): Promise<void> {
  const { rows } = await client.query(
    `SELECT s.id, s.kind, s.status, EXISTS (SELECT 1 FROM attempt a WHERE a."stageId" = s.id
       AND a.status IN ('queued', 'starting', 'running', 'stopping')) AS "hasOpenAttempt"
     FROM stage s WHERE s."runId" = $1`,
    [runId],
  );
  const stages = z.array(StageRow).parse(rows);
  for (const stage of stages) {
    if (stage.status !== "queued" || stage.hasOpenAttempt) continue;
    const turn = turnOf(stage.kind, stages);
    if (turn.type !== "never") continue;
    stage.status = "cancelled";
    await cancelQueuedStage(client, { stageId: stage.id, reason: turn.reason, now });
  }
  const status = rollUp(stages.map((stage) => stage.status));
  await client.query(
    `UPDATE run SET status = $2,
       "startedAt" = (SELECT min(a."startedAt") FROM attempt a JOIN stage s ON s.id = a."stageId" WHERE s."runId" = $1),
       "endedAt" = CASE WHEN $3 THEN coalesce("endedAt", $4::timestamptz) END
     WHERE id = $1`,
    [runId, status, isTerminal(status), now],
  );
}

/** A stage that has no attempt under way and will get none. */
export async function cancelQueuedStage(
  client: PoolClient,
  { stageId, reason, now }: { stageId: string; reason: string; now: Date },
): Promise<void> {
  await client.query(
    `UPDATE stage SET status = 'cancelled', reason = $2, "endedAt" = $3 WHERE id = $1 AND status = 'queued'`,
    [stageId, reason, now],
  );
}
