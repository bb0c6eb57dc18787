import type { Pool, PoolClient } from "pg";
import { z } from "zod";
import { RunParameters } from "../contracts/runs";
import { STAGE_KINDS } from "../contracts/statuses";
import { AppError } from "../errors";
import type { RunCheckpoints } from "../recipes";

const Output = z.object({ kind: z.enum(STAGE_KINDS), outputDirectory: z.string().nullable() });

export interface RunFacts {
  runId: string;
  nodeId: string;
  parameters: RunParameters;
  checkpoints: RunCheckpoints;
}

/** A run's parameters and the checkpoints of its attempts that succeeded. @throws AppError NOT_FOUND */
export async function readRunFacts(client: Pool | PoolClient, runId: string): Promise<RunFacts> {
  const run = await client.query<{ nodeId: string; parameters: unknown }>(
    `SELECT "nodeId", parameters FROM run WHERE id = $1`,
    [runId],
  );
  const row = run.rows[0];
  if (row === undefined) throw new AppError("NOT_FOUND", "There is no such run.");
  const outputs = await client.query(
    `SELECT DISTINCT ON (s.kind) s.kind, a."outputDirectory" FROM attempt a JOIN stage s ON s.id = a."stageId"
     WHERE s."runId" = $1 AND a.status = 'succeeded' ORDER BY s.kind, a.number DESC`,
    [runId],
  );
  const saved = z.array(Output).parse(outputs.rows);
  const outputOf = (kind: string) => saved.find((output) => output.kind === kind)?.outputDirectory ?? null;
  const parameters = RunParameters.parse(row.parameters);
  const baseline = parameters.stages.sft.fields.model_name_or_path;
  return {
    runId,
    nodeId: row.nodeId,
    parameters,
    checkpoints: {
      baseline: typeof baseline === "string" ? baseline : null,
      sft: outputOf("sft"),
      reward: outputOf("reward"),
      ppo: outputOf("ppo"),
      hasAveragedActor: parameters.stages.ppo.fields.enable_ema === true,
    },
  };
}
