import { randomUUID } from "node:crypto";
import type { PoolClient } from "pg";
import type { z } from "zod";
import { recordAudit } from "../audit";
import type { Context } from "../context";
import { CreateEvaluationInput, type EvaluationView } from "../contracts/evaluations";
import { inTransaction } from "../db";
import { AppError, validationError } from "../errors";
import { holdNode } from "../nodes/hold-node";
import { describeModels, resolveModels } from "../recipes";
import { lockRun, type RunFacts, readRunFacts } from "../runs";
import { getEvaluation } from "./get-evaluation";

/**
 * Queues an evaluation of a run's models; it starts when a GPU of the run's node is free.
 * @throws AppError NOT_FOUND; VALIDATION for a model that the run does not have; CONFLICT when its node was removed
 */
export async function createEvaluation({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof CreateEvaluationInput>;
}): Promise<EvaluationView> {
  const wanted = CreateEvaluationInput.parse(input);
  const { id, nodeId } = await inTransaction(ctx.db.pool, async (client) => {
    await lockRun(client, wanted.runId);
    const facts = await readRunFacts(client, wanted.runId);
    await refuse(client, wanted, facts);
    return { id: await insert(client, ctx, { wanted, facts }), nodeId: facts.nodeId };
  });
  ctx.publish({ kind: "evaluation", evaluationId: id, runId: wanted.runId, nodeId });
  return getEvaluation({ ctx, input: { id } });
}

async function refuse(client: PoolClient, wanted: CreateEvaluationInput, facts: RunFacts): Promise<void> {
  const models = describeModels(facts.checkpoints);
  const problems = wanted.models.flatMap((key, index) => {
    const problem = models.find((model) => model.key === key)?.problem ?? null;
    return problem === null ? [] : [{ path: `models.${index}`, message: `No ${key} model: ${problem}` }];
  });
  if (problems.length > 0) throw validationError(problems);
  if (!(await holdNode(client, facts.nodeId)))
    throw new AppError("CONFLICT", "The run's node was removed, and its checkpoints with it.");
}

async function insert(
  client: PoolClient,
  ctx: Context,
  { wanted, facts }: { wanted: CreateEvaluationInput; facts: RunFacts },
): Promise<string> {
  const id = randomUUID();
  const models = resolveModels(wanted.models, facts.checkpoints);
  const counted = await client.query<{ count: string }>(
    `SELECT count(*) FROM evaluation WHERE "runId" = $1`,
    [wanted.runId],
  );
  const name = wanted.name ?? `Evaluation ${Number(counted.rows[0]?.count ?? 0) + 1}`;
  await client.query(
    `INSERT INTO evaluation (id, "runId", name, status, prompts, models, settings, "createdBy", "createdAt")
     VALUES ($1, $2, $3, 'queued', $4, $5, $6, $7, $8)`,
    [
      id,
      wanted.runId,
      name,
      JSON.stringify(wanted.prompts),
      JSON.stringify(models),
      JSON.stringify(wanted.settings),
      ctx.actor.name,
      ctx.now(),
    ],
  );
  await recordAudit(client, ctx, {
    action: "evaluation.create",
    object: `evaluation ${id}`,
    detail: { name },
  });
  return id;
}
