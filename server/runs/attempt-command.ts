import { z } from "zod";
import type { Context } from "../context";
import { NodeSettings } from "../contracts/nodes";
import type { RenderedCommand } from "../contracts/recipes";
import { STAGE_KINDS } from "../contracts/statuses";
import { AppError } from "../errors";
import { applicationDirectory, CheckoutFlags, renderEvaluation, renderStage } from "../recipes";
import { readRunFacts } from "./read-checkpoints";
import { requireUploaded } from "./require-uploaded";

/** What only the node knows at the moment of the launch. Directories are absolute. */
export interface LaunchFacts {
  homeDirectory: string;
  workDirectory: string;
  examplesDirectory: string;
  /** As nvidia-smi numbers them. */
  gpuIndexByUuid: ReadonlyMap<string, number>;
  masterPort: number;
}

const Row = z.object({
  runId: z.uuid(),
  kind: z.enum(STAGE_KINDS).nullable(),
  number: z.number().int(),
  gpuUuids: z.array(z.string()),
  settings: NodeSettings,
  checkout: CheckoutFlags.nullable().catch(null),
});
type Row = z.infer<typeof Row>;

/**
 * The exact command of an attempt, with the secrets of its environment: hand it to the launch, and to recordAttempt's
 * patch, which leaves them out. PPO's checkpoints are those of the attempts that succeeded.
 * @throws AppError NOT_FOUND; PRECONDITION when a GPU or a checkpoint that it needs is not there
 */
export async function renderAttempt(input: {
  ctx: Context;
  attemptId: string;
  facts: LaunchFacts;
}): Promise<RenderedCommand> {
  const { ctx, attemptId, facts } = input;
  const row = await readRow(ctx, attemptId);
  const place = {
    gpuIndices: row.gpuUuids.map((uuid) => gpuIndex(uuid, facts)),
    virtualEnvironment: expand(row.settings.virtualEnvironment, facts),
    nodeEnv: row.settings.env,
  };
  if (row.kind === null) {
    return renderEvaluation({
      ...place,
      directory: `${facts.workDirectory}/attempts/${attemptId}`,
      applicationDirectory: applicationDirectory(facts.examplesDirectory),
      program: expand(row.settings.evaluationProgram, facts),
    });
  }
  const { parameters, checkpoints } = await readRunFacts(ctx.db.pool, row.runId);
  return renderStage({
    uploaded: await requireUploaded(ctx.db.pool, { parameters, stages: [row.kind] }),
    stage: row.kind,
    runId: row.runId,
    attemptNumber: row.number,
    parameters: parameters.stages[row.kind],
    facts: { ...facts, ...place, checkout: row.checkout },
    checkpoints: row.kind === "ppo" ? required(checkpoints) : null,
  });
}

async function readRow(ctx: Context, attemptId: string): Promise<Row> {
  const { rows } = await ctx.db.pool.query(
    `SELECT coalesce(s."runId", e."runId") AS "runId", s.kind, a.number, p."gpuUuids", n.settings, c.flags AS checkout
     FROM attempt a JOIN placement p ON p."attemptId" = a.id AND p.rank = 0 JOIN node n ON n.id = p."nodeId"
     LEFT JOIN node_checkout c ON c."nodeId" = n.id
     LEFT JOIN stage s ON s.id = a."stageId" LEFT JOIN evaluation e ON e.id = a."evaluationId" WHERE a.id = $1`,
    [attemptId],
  );
  if (rows[0] === undefined) throw new AppError("NOT_FOUND", "There is no such attempt.");
  return Row.parse(rows[0]);
}

function gpuIndex(uuid: string, facts: LaunchFacts): number {
  const index = facts.gpuIndexByUuid.get(uuid);
  if (index === undefined) throw new AppError("PRECONDITION", `The node shows no GPU ${uuid} any more.`);
  return index;
}

function required(checkpoints: { sft: string | null; reward: string | null }): {
  actor: string;
  critic: string;
} {
  const { sft, reward } = checkpoints;
  if (sft === null || reward === null) {
    throw new AppError("PRECONDITION", "PPO has no checkpoint of the stages before it.");
  }
  return { actor: sft, critic: reward };
}

function expand(path: string | null, facts: LaunchFacts): string | null {
  return path?.startsWith("~/") ? `${facts.homeDirectory}/${path.slice(2)}` : path;
}
