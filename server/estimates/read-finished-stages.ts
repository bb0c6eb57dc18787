import { z } from "zod";
import type { Context } from "../context";
import { RunParameters } from "../contracts/runs";
import { STAGE_KINDS } from "../contracts/statuses";
import { type FinishedStage, fieldsKeyOf } from "./own-pace";
import { modelNameOf } from "./settings";
import { workOf } from "./work";

const MOST = 200;
const Row = z.object({
  attemptId: z.uuid(),
  endedAt: z.date(),
  kind: z.enum(STAGE_KINDS),
  parameters: RunParameters,
  gpuCount: z.number().int().positive(),
  seconds: z.number().positive(),
});

/** The newest stages that succeeded on GPUs of this name, on any node of ours; at most 200. */
export async function readFinishedStages(ctx: Context, gpuName: string): Promise<FinishedStage[]> {
  const { rows } = await ctx.db.pool.query(
    `SELECT a.id AS "attemptId", a."endedAt", s.kind, r.parameters, cardinality(p."gpuUuids") AS "gpuCount",
            extract(epoch FROM a."endedAt" - a."startedAt")::float8 AS seconds
     FROM attempt a JOIN stage s ON s.id = a."stageId" JOIN run r ON r.id = s."runId"
     JOIN placement p ON p."attemptId" = a.id AND p.rank = 0
     JOIN gpu g ON g."nodeId" = p."nodeId" AND g.uuid = p."gpuUuids"[1]
     WHERE a.status = 'succeeded' AND a."endedAt" > a."startedAt" AND g.name = $1
     ORDER BY a."endedAt" DESC LIMIT ${MOST}`,
    [gpuName],
  );
  return rows.map((row) => {
    const { attemptId, endedAt, kind, parameters, gpuCount, seconds } = Row.parse(row);
    return {
      ...{ attemptId, endedAt, fieldsKey: fieldsKeyOf(parameters.stages[kind]) },
      stage: kind,
      modelName: modelNameOf(kind, parameters),
      gpuCount,
      seconds,
      work: workOf(kind, parameters.stages[kind]),
    };
  });
}
