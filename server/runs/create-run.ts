import { randomUUID } from "node:crypto";
import type { PoolClient } from "pg";
import type { z } from "zod";
import { recordAudit } from "../audit";
import type { Context } from "../context";
import { CreateRunInput, type Finding, RunParameters } from "../contracts/runs";
import { STAGE_KINDS } from "../contracts/statuses";
import { findUploaded, holdUploaded, referencesOf } from "../datasets";
import { inTransaction } from "../db";
import { validationError } from "../errors";
import { holdNode } from "../nodes/hold-node";
import { findProblems } from "../recipes";
import { getRun } from "./get-run";
import { NO_NODE, readNodeFacts } from "./read-node-facts";
import type { RunRecord } from "./run-view";
import { withRestoredSecrets } from "./secret-parameters";

/** Errors that only the run's node can tell. Answers in bounded time, whatever the node does, and never throws. */
export type FindOnNode = (wanted: { nodeId: string; parameters: RunParameters }) => Promise<Finding[]>;

/**
 * Creates a run with its three stages queued; the worker starts it when its turn comes. The same idempotency key makes
 * one run, however often it is sent: later calls answer with the first one's run.
 * @throws AppError VALIDATION with the path of every field that is wrong
 */
export async function createRun({
  ctx,
  input,
  findOnNode,
}: {
  ctx: Context;
  input: z.input<typeof CreateRunInput>;
  findOnNode?: FindOnNode;
}): Promise<RunRecord> {
  const sent = CreateRunInput.parse(input);
  const existing = await findByKey(ctx, sent.idempotencyKey);
  if (existing !== null) return getRun({ ctx, input: { id: existing } });
  const wanted = await checkParameters(ctx, sent);
  refuse((await findOnNode?.(wanted)) ?? []);
  const id = await inTransaction(ctx.db.pool, (client) => insertRun(client, ctx, wanted));
  if (id !== null) ctx.publish({ kind: "run", runId: id, nodeId: wanted.nodeId });
  const made = id ?? (await findByKey(ctx, wanted.idempotencyKey)) ?? "";
  return getRun({ ctx, input: { id: made } });
}

async function findByKey(ctx: Context, idempotencyKey: string): Promise<string | null> {
  const row = await ctx.db.prisma.run.findUnique({ where: { idempotencyKey }, select: { id: true } });
  return row?.id ?? null;
}

/** What was sent, with the secrets of the run that it clones. @throws AppError VALIDATION */
async function checkParameters(ctx: Context, sent: CreateRunInput): Promise<CreateRunInput> {
  const node = await readNodeFacts(ctx, sent.nodeId);
  const uploaded = await findUploaded(ctx.db.pool, referencesOf(sent.parameters));
  const problems = findProblems(sent.parameters, node, uploaded)
    .filter((finding) => finding.severity === "error")
    .map(({ path, message }) => ({ path: path ?? "parameters", message }));
  const cloned = sent.clonedFromId === undefined ? null : await findParameters(ctx, sent.clonedFromId);
  if (sent.clonedFromId !== undefined && cloned === null) {
    problems.push({ path: "clonedFromId", message: "There is no such run." });
  }
  const restored = withRestoredSecrets(sent.parameters, cloned);
  problems.push(...restored.problems);
  if (problems.length > 0) throw validationError(problems);
  return { ...sent, parameters: restored.parameters };
}

/** @throws AppError VALIDATION */
function refuse(errors: readonly Finding[]): void {
  if (errors.length > 0)
    throw validationError(errors.map(({ path, message }) => ({ path: path ?? "parameters", message })));
}

async function findParameters(ctx: Context, runId: string): Promise<RunParameters | null> {
  const row = await ctx.db.prisma.run.findUnique({ where: { id: runId }, select: { parameters: true } });
  return row === null ? null : RunParameters.parse(row.parameters);
}

/** null: somebody else's call with this key was first. */
async function insertRun(client: PoolClient, ctx: Context, wanted: CreateRunInput): Promise<string | null> {
  if (!(await holdNode(client, wanted.nodeId))) throw validationError([NO_NODE]);
  await holdDataSets(client, wanted.parameters);
  const id = randomUUID();
  const { name, recipe, parameters, nodeId, idempotencyKey, clonedFromId } = wanted;
  const { rowCount } = await client.query(
    `INSERT INTO run (id, name, recipe, parameters, "nodeId", status, "createdBy", "idempotencyKey", "clonedFromId",
       "createdAt") VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7, $8, $9) ON CONFLICT ("idempotencyKey") DO NOTHING`,
    [
      id,
      name,
      recipe,
      JSON.stringify(parameters),
      nodeId,
      ctx.actor.name,
      idempotencyKey,
      clonedFromId ?? null,
      ctx.now(),
    ],
  );
  if (rowCount === 0) return null;
  for (const kind of STAGE_KINDS) {
    const { gpuUuids, gpuCount } = parameters.stages[kind];
    await client.query(
      `INSERT INTO stage (id, "runId", kind, status, "gpuUuids", "gpuCount") VALUES ($1, $2, $3, 'queued', $4, $5)`,
      [randomUUID(), id, kind, gpuUuids, gpuUuids.length || gpuCount],
    );
  }
  await recordAudit(client, ctx, { action: "run.create", object: `run ${id}`, detail: { name, nodeId } });
  return id;
}

/** Until the run is there and keeps them by itself. @throws AppError VALIDATION when one was deleted a moment ago */
async function holdDataSets(client: PoolClient, parameters: RunParameters): Promise<void> {
  const references = referencesOf(parameters);
  const held = await holdUploaded(client, references);
  const gone = references.find((reference) => !held.some((set) => set.reference === reference));
  if (gone === undefined) return;
  throw validationError([
    { path: "parameters", message: `The data set ${gone} was deleted. Choose another.` },
  ]);
}
