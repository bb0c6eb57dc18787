import type { PoolClient } from "pg";
import { z } from "zod";
import type { Change, Context } from "../context";
import { isTerminal, STAGE_KINDS, STATUSES, type Status } from "../contracts/statuses";
import { inTransaction } from "../db";
import { AppError } from "../errors";
import { holdLease, type NodeLease } from "../nodes/lease";
import { type AttemptPatch, patchColumns } from "./attempt-patch";
import { eventFor, nextStatus } from "./domain";
import { lockRun } from "./lock-run";
import { insertPlannedEvaluation } from "./plan-evaluation";
import { settleRun } from "./settle-run";

export interface RecordAttemptInput {
  ctx: Context;
  lease: NodeLease;
  attemptId: string;
  to: Status;
  /** One sentence for people; shown with the event, and as the attempt's reason once it has ended. */
  reason: string;
  patch?: AttemptPatch;
}

const AttemptRow = z.object({
  id: z.uuid(),
  status: z.enum(STATUSES),
  stageId: z.uuid().nullable(),
  kind: z.enum(STAGE_KINDS).nullable(),
  evaluationId: z.uuid().nullable(),
});
type AttemptRow = z.infer<typeof AttemptRow>;

/**
 * Moves an attempt forward: status, event row, stage or evaluation, run, and once it has ended its GPU claims, all in one
 * transaction under the lease. A status that it has passed already changes nothing but the patch.
 * Returns false when it has ended before: an end never changes.
 * @throws AppError CONFLICT the lease is another's; NOT_FOUND
 */
export async function recordAttempt(input: RecordAttemptInput): Promise<boolean> {
  const { ctx, lease, attemptId } = input;
  const { isRecorded, movedTo, changes } = await inTransaction(ctx.db.pool, async (client) => {
    await holdLease(client, lease);
    const run = await lockRun(client, await runOfAttempt(client, attemptId));
    const attempt = await readAttempt(client, attemptId);
    const event = eventFor(input.to);
    const next = event === null ? attempt.status : nextStatus(attempt.status, event);
    if (next === null) return { isRecorded: false, movedTo: null, changes: [] };
    await applyPatch(client, attemptId, input.patch ?? {});
    const changed: Change[] = [{ kind: "attempt", attemptId, runId: run.id, nodeId: run.nodeId }];
    if (next !== attempt.status) changed.push(...(await enterStatus(client, { input, attempt, run, next })));
    const movedTo = next === attempt.status ? null : next;
    return { isRecorded: true, movedTo, changes: changed };
  });
  // The ids are those of the log that the worker hands in.
  if (movedTo !== null) ctx.log.info({ status: movedTo, reason: input.reason }, "an attempt moved on");
  for (const change of changes) ctx.publish(change);
  return isRecorded;
}

interface Entering {
  input: RecordAttemptInput;
  attempt: AttemptRow;
  run: { id: string; nodeId: string };
  next: Status;
}

async function enterStatus(client: PoolClient, entering: Entering): Promise<Change[]> {
  const { input, attempt, next } = entering;
  const now = input.ctx.now();
  const reason = isTerminal(next) ? input.reason : null;
  await client.query(
    `UPDATE attempt SET status = $2, reason = coalesce($3, reason),
       "startedAt" = CASE WHEN $4 THEN coalesce("startedAt", $6::timestamptz) ELSE "startedAt" END,
       "endedAt" = CASE WHEN $5 THEN $6::timestamptz END
     WHERE id = $1`,
    [attempt.id, next, reason, next === "starting" || next === "running", isTerminal(next), now],
  );
  await insertEvent(client, {
    attemptId: attempt.id,
    status: next,
    reason: input.reason,
    actor: input.ctx.actor.name,
    now,
  });
  if (isTerminal(next)) await client.query(`DELETE FROM gpu_claim WHERE "attemptId" = $1`, [attempt.id]);
  return attempt.evaluationId === null
    ? enterStage(client, entering, { now, reason })
    : enterEvaluation(client, entering, { now, reason });
}

async function enterStage(
  client: PoolClient,
  { attempt, run, next }: Entering,
  { now, reason }: { now: Date; reason: string | null },
): Promise<Change[]> {
  await client.query(
    `UPDATE stage s SET status = a.status, reason = $2, "startedAt" = a."startedAt", "endedAt" = a."endedAt"
     FROM attempt a WHERE a.id = $1 AND s.id = a."stageId"`,
    [attempt.id, reason],
  );
  await settleRun(client, { runId: run.id, now });
  const changes: Change[] = [{ kind: "run", runId: run.id, nodeId: run.nodeId }];
  if (attempt.kind === "ppo" && next === "succeeded") {
    const evaluationId = await insertPlannedEvaluation(client, { runId: run.id, now });
    if (evaluationId) changes.push({ kind: "evaluation", evaluationId, runId: run.id, nodeId: run.nodeId });
  }
  return changes;
}

async function enterEvaluation(
  client: PoolClient,
  { attempt, run }: Entering,
  { reason }: { now: Date; reason: string | null },
): Promise<Change[]> {
  const { rows } = await client.query<{ id: string }>(
    `UPDATE evaluation e SET status = a.status, reason = $2, "startedAt" = a."startedAt", "endedAt" = a."endedAt"
     FROM attempt a WHERE a.id = $1 AND e.id = a."evaluationId" RETURNING e.id`,
    [attempt.id, reason],
  );
  return rows.map(({ id }) => ({ kind: "evaluation", evaluationId: id, runId: run.id, nodeId: run.nodeId }));
}

export async function insertEvent(
  client: PoolClient,
  event: { attemptId: string; status: Status; reason: string; actor: string; now: Date },
): Promise<void> {
  await client.query(
    `INSERT INTO attempt_event ("attemptId", status, reason, actor, "isTerminal", at) VALUES ($1, $2, $3, $4, $5, $6)`,
    [event.attemptId, event.status, event.reason, event.actor, isTerminal(event.status), event.now],
  );
}

export async function applyPatch(client: PoolClient, attemptId: string, patch: AttemptPatch): Promise<void> {
  const columns = patchColumns(patch);
  if (columns.length === 0) return;
  const sets = columns.map(([name], index) => `"${name}" = $${index + 2}`);
  await client.query(`UPDATE attempt SET ${sets.join(", ")} WHERE id = $1`, [
    attemptId,
    ...columns.map(([, value]) => value),
  ]);
}

/** @throws AppError NOT_FOUND */
export async function runOfAttempt(client: PoolClient, attemptId: string): Promise<string> {
  const { rows } = await client.query<{ runId: string }>(
    `SELECT coalesce(s."runId", e."runId") AS "runId" FROM attempt a
     LEFT JOIN stage s ON s.id = a."stageId" LEFT JOIN evaluation e ON e.id = a."evaluationId" WHERE a.id = $1`,
    [attemptId],
  );
  const row = rows[0];
  if (row === undefined) throw new AppError("NOT_FOUND", "There is no such attempt.");
  return row.runId;
}

async function readAttempt(client: PoolClient, attemptId: string): Promise<AttemptRow> {
  const { rows } = await client.query(
    `SELECT a.id, a.status, a."stageId", a."evaluationId", s.kind FROM attempt a
     LEFT JOIN stage s ON s.id = a."stageId" WHERE a.id = $1 FOR NO KEY UPDATE OF a`,
    [attemptId],
  );
  return AttemptRow.parse(rows[0]);
}
