import type { PoolClient } from "pg";
import { z } from "zod";
import { recordAudit } from "../audit";
import type { Context } from "../context";
import { RetryRunInput } from "../contracts/runs";
import { isTerminal, STAGE_KINDS, STAGE_LABEL, STATUSES, type StageKind } from "../contracts/statuses";
import { findUploaded, referencesOf } from "../datasets";
import { inTransaction } from "../db";
import { AppError, validationError } from "../errors";
import { holdNode } from "../nodes/hold-node";
import { findProblems } from "../recipes";
import { PREREQUISITES, type StageState } from "./domain";
import { getRun } from "./get-run";
import { lockRun } from "./lock-run";
import { readRunFacts } from "./read-checkpoints";
import { readNodeFacts } from "./read-node-facts";
import { requireUploaded } from "./require-uploaded";
import type { RunRecord } from "./run-view";
import { settleRun } from "./settle-run";
import { withFields } from "./with-fields";

const Input = RetryRunInput.extend({ id: z.uuid() });
const Stages = z.array(z.object({ kind: z.enum(STAGE_KINDS), status: z.enum(STATUSES) }));

/**
 * Queues a stage that did not succeed again, as a new attempt, and with it the stages that were called off because of
 * it: the pipeline goes on from there. `fields` change the stage's parameters first, checked as those of a new run.
 * @throws AppError VALIDATION with the path of every field that is wrong
 * @throws AppError PRECONDITION when a data set that it reads was deleted
 * @throws AppError NOT_FOUND; CONFLICT when the stage succeeded, is under way, or one before it has not succeeded
 */
export async function retryRun({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof Input>;
}): Promise<RunRecord> {
  const { id, stage, fields } = Input.parse(input);
  const run = await inTransaction(ctx.db.pool, async (client) => {
    const locked = await lockRun(client, id);
    await refuseRetry(client, { runId: id, nodeId: locked.nodeId, stage });
    await changeFields(client, ctx, { runId: id, nodeId: locked.nodeId, stage, fields });
    const { parameters } = await readRunFacts(client, id);
    await requireUploaded(client, { parameters, stages: [stage] });
    await requeue(client, id, [stage]);
    await requeue(client, id, dependentsOf(stage), "cancelled");
    await client.query(`UPDATE run SET desired = 'run' WHERE id = $1`, [id]);
    await settleRun(client, { runId: id, now: ctx.now() });
    await recordAudit(client, ctx, {
      action: "run.retry",
      object: `run ${id}`,
      detail: { stage, ...fieldsDetail(fields) },
    });
    return locked;
  });
  ctx.publish({ kind: "run", runId: run.id, nodeId: run.nodeId });
  return getRun({ ctx, input: { id } });
}

async function refuseRetry(
  client: PoolClient,
  { runId, nodeId, stage }: { runId: string; nodeId: string; stage: StageKind },
): Promise<void> {
  if (!(await holdNode(client, nodeId))) throw new AppError("CONFLICT", "The run's node was removed.");
  const { rows } = await client.query(`SELECT kind, status FROM stage WHERE "runId" = $1`, [runId]);
  const stages: StageState[] = Stages.parse(rows);
  const statusOf = (kind: StageKind) => stages.find((entry) => entry.kind === kind)?.status ?? "queued";
  const status = statusOf(stage);
  if (status === "succeeded") throw new AppError("CONFLICT", `${STAGE_LABEL[stage]} has succeeded already.`);
  if (!isTerminal(status)) throw new AppError("CONFLICT", `${STAGE_LABEL[stage]} is still under way.`);
  const first = PREREQUISITES[stage].find(
    (kind) => isTerminal(statusOf(kind)) && statusOf(kind) !== "succeeded",
  );
  if (first === undefined) return;
  throw new AppError(
    "CONFLICT",
    `${STAGE_LABEL[stage]} needs ${STAGE_LABEL[first]}, which has not succeeded.`,
    {
      hint: `Retry ${STAGE_LABEL[first]}: the run goes on from there.`,
    },
  );
}

async function changeFields(
  client: PoolClient,
  ctx: Context,
  change: { runId: string; nodeId: string; stage: StageKind; fields: RetryFields },
): Promise<void> {
  const { runId, nodeId, stage, fields } = change;
  if (Object.keys(fields).length === 0) return;
  const { parameters } = await readRunFacts(client, runId);
  const next = withFields(parameters, stage, fields);
  const uploaded = await findUploaded(client, referencesOf(next));
  // What is wrong elsewhere was so before, and this change cannot mend it.
  const problems = findProblems(next, await readNodeFacts(ctx, nodeId), uploaded).flatMap(
    ({ severity, path, message }) =>
      severity === "error" && (path === null || path.startsWith(`stages.${stage}.`))
        ? [{ path: path ?? "fields", message }]
        : [],
  );
  if (problems.length > 0) throw validationError(problems);
  await client.query(`UPDATE run SET parameters = $2 WHERE id = $1`, [runId, next]);
}

type RetryFields = z.output<typeof RetryRunInput>["fields"];

function fieldsDetail(fields: RetryFields): { fields?: string } {
  const changes = Object.entries(fields).map(([name, value]) => `${name} ${value}`);
  return changes.length === 0 ? {} : { fields: changes.join(", ") };
}

function dependentsOf(stage: StageKind): StageKind[] {
  return STAGE_KINDS.filter((kind) => PREREQUISITES[kind].some((before) => before === stage));
}

async function requeue(
  client: PoolClient,
  runId: string,
  kinds: StageKind[],
  only?: "cancelled",
): Promise<void> {
  await client.query(
    `UPDATE stage SET status = 'queued', desired = 'run', reason = NULL, "startedAt" = NULL, "endedAt" = NULL
     WHERE "runId" = $1 AND kind = ANY($2) AND ($3::text IS NULL OR status = $3)`,
    [runId, kinds, only ?? null],
  );
}
