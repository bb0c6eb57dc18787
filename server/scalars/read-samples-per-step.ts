import type pg from "pg";
import { z } from "zod";
import { StageParameters } from "../contracts/recipes";
import { STAGE_KINDS } from "../contracts/statuses";
import { type SamplesPerStep, samplesPerStep } from "../recipes";

const Row = z.object({
  kind: z.enum(STAGE_KINDS),
  parameters: StageParameters,
  gpuCount: z.number().int().positive(),
});
const UNKNOWN: SamplesPerStep = { step: null, engineStep: null };

/** Of an attempt, from its stage's batch sizes and its GPUs; unknown for an evaluation. */
export async function readSamplesPerStep(pool: pg.Pool, attemptId: string): Promise<SamplesPerStep> {
  const { rows } = await pool.query(
    `SELECT s.kind, r.parameters -> 'stages' -> s.kind AS parameters,
       (SELECT sum(cardinality(p."gpuUuids"))::int FROM placement p WHERE p."attemptId" = a.id) AS "gpuCount"
     FROM attempt a JOIN stage s ON s.id = a."stageId" JOIN run r ON r.id = s."runId" WHERE a.id = $1`,
    [attemptId],
  );
  const row = Row.safeParse(rows[0]);
  return row.success ? samplesPerStep(row.data.kind, row.data.parameters, row.data.gpuCount) : UNKNOWN;
}
