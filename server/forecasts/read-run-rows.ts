import type { Pool } from "pg";
import { z } from "zod";
import { RunParameters } from "../contracts/runs";
import { ACTIVE_STATUSES, STAGE_KINDS, STATUSES } from "../contracts/statuses";

const Attempt = z.object({
  id: z.uuid(),
  status: z.enum(STATUSES),
  gpuCount: z.number().int(),
  stepsDone: z.number().int().nullable(),
  stepsTotal: z.number().int().nullable(),
  /** Seconds since 1970. */
  startedSeconds: z.number().nullable(),
  endedSeconds: z.number().nullable(),
  seenSeconds: z.number().nullable(),
});
export type AttemptRow = z.infer<typeof Attempt>;

const Stage = z.object({
  kind: z.enum(STAGE_KINDS),
  status: z.enum(STATUSES),
  gpuUuids: z.array(z.string()),
  gpuCount: z.number().int(),
  /** Oldest first. */
  attempts: z.array(Attempt),
});
export type StageRow = z.infer<typeof Stage>;

const Run = z.object({
  id: z.uuid(),
  status: z.enum(STATUSES),
  nodeId: z.uuid(),
  nodeGpuCount: z.number().int(),
  pricePerGpuHour: z.number().nullable(),
  /** null where they were not asked for. */
  parameters: RunParameters.nullable(),
  stages: z.array(Stage),
});
export type RunRow = z.infer<typeof Run>;

const RUNS = `SELECT r.id, r.status, r."nodeId", (n.settings ->> 'pricePerGpuHour')::float8 AS "pricePerGpuHour",
    (SELECT count(*)::int FROM gpu g WHERE g."nodeId" = n.id
      AND NOT EXISTS (SELECT 1 FROM gpu child WHERE child."nodeId" = n.id AND child."parentUuid" = g.uuid)) AS "nodeGpuCount",
    CASE WHEN $2 OR r.status = ANY($3) THEN r.parameters END AS parameters,
    (SELECT json_agg(json_build_object('kind', s.kind, 'status', s.status, 'gpuUuids', coalesce(s."gpuUuids", '{}'),
        'gpuCount', s."gpuCount", 'attempts', coalesce((SELECT json_agg(json_build_object('id', a.id, 'status', a.status,
            'gpuCount', (SELECT coalesce(sum(cardinality(p."gpuUuids")), 0) FROM placement p WHERE p."attemptId" = a.id),
            'stepsDone', a."stepsDone", 'stepsTotal', a."stepsTotal",
            'startedSeconds', extract(epoch FROM a."startedAt"), 'endedSeconds', extract(epoch FROM a."endedAt"),
            'seenSeconds', extract(epoch FROM a."heartbeatAt")) ORDER BY a.number)
          FROM attempt a WHERE a."stageId" = s.id), '[]'))
      ORDER BY array_position(ARRAY['sft', 'reward', 'ppo'], s.kind)) FROM stage s WHERE s."runId" = r.id) AS stages
  FROM run r JOIN node n ON n.id = r."nodeId" WHERE r.id = ANY($1)`;

/** What forecasts of these runs rest on. Parameters only of runs that go on, unless `withParameters`. */
export async function readRunRows(
  pool: Pool,
  ids: readonly string[],
  { withParameters }: { withParameters: boolean },
): Promise<RunRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await pool.query(RUNS, [ids, withParameters, ACTIVE_STATUSES]);
  return z.array(Run).parse(rows);
}
