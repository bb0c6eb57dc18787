import type { PoolClient } from "pg";
import { z } from "zod";
import { STAGE_KINDS, STATUSES } from "../contracts/statuses";
import type { ForeignUse } from "../telemetry";
import type { NodeQueue, QueuedRun } from "./plan-node";

const GpuRow = z.object({ uuid: z.string(), index: z.number() });
const RunRow = z.object({
  id: z.uuid(),
  stages: z.array(
    z.object({
      id: z.uuid(),
      kind: z.enum(STAGE_KINDS),
      status: z.enum(STATUSES),
      desired: z.enum(["run", "stop"]),
      gpuUuids: z.array(z.string()),
      gpuCount: z.number(),
      heldUuids: z.array(z.string()).nullable(),
    }),
  ),
  evaluations: z.array(z.object({ id: z.uuid(), status: z.enum(STATUSES) })),
});

/** A GPU that is cut into MIG instances is none that a training can use. */
const USABLE_GPUS = `SELECT uuid, index FROM gpu g WHERE "nodeId" = $1
  AND NOT EXISTS (SELECT 1 FROM gpu child WHERE child."nodeId" = $1 AND child."parentUuid" = g.uuid)
  ORDER BY index, "migIndex" NULLS FIRST, uuid`;

/** Runs that need the node, oldest first, and locked in that order. Evaluations go with their run. */
const LOCKED_RUNS = `SELECT r.id FROM run r WHERE r."nodeId" = $1 AND (
    r.status IN ('queued', 'starting', 'running', 'stopping')
    OR EXISTS (SELECT 1 FROM evaluation e WHERE e."runId" = r.id AND e.status = 'queued'))
  ORDER BY r."createdAt", r.id FOR NO KEY UPDATE OF r`;

const RUNS = `SELECT r.id,
    (SELECT json_agg(json_build_object('id', s.id, 'kind', s.kind, 'status', s.status, 'desired', s.desired,
        'gpuUuids', coalesce(s."gpuUuids", '{}'), 'gpuCount', s."gpuCount",
        'heldUuids', (SELECT array_agg(uuid) FROM attempt a JOIN placement p ON p."attemptId" = a.id,
          unnest(p."gpuUuids") AS uuid WHERE a."stageId" = s.id
          AND a.status IN ('queued', 'starting', 'running', 'stopping')))) FROM stage s WHERE s."runId" = r.id) AS stages,
    coalesce((SELECT json_agg(json_build_object('id', e.id, 'status', e.status) ORDER BY e."createdAt", e.id)
      FROM evaluation e WHERE e."runId" = r.id AND e.status = 'queued' AND e.desired = 'run'
      AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a."evaluationId" = e.id
        AND a.status IN ('queued', 'starting', 'running', 'stopping'))), '[]') AS evaluations
  FROM run r WHERE r.id = ANY($1) ORDER BY r."createdAt", r.id`;

/** The memory of a process that has just ended may still show: it is no sign of somebody else. */
const JUST_HELD = `SELECT DISTINCT uuid FROM attempt a JOIN placement p ON p."attemptId" = a.id, unnest(p."gpuUuids") AS uuid
  WHERE p."nodeId" = $1 AND a."endedAt" > $2::timestamptz - interval '30 seconds'`;

/** What the node shows at the moment of the plan. */
export interface NodeNow {
  /** By UUID. */
  foreignUse: ReadonlyMap<string, ForeignUse>;
  isReachable: boolean;
}

/** The node's whole queue, with its runs locked until the transaction ends. */
export async function loadNodeQueue(
  client: PoolClient,
  nodeId: string,
  { node: { foreignUse, isReachable }, now }: { node: NodeNow; now: Date },
): Promise<NodeQueue> {
  const locked = await client.query<{ id: string }>(LOCKED_RUNS, [nodeId]);
  const ids = locked.rows.map((row) => row.id);
  const node = await client.query<{ name: string }>("SELECT name FROM node WHERE id = $1", [nodeId]);
  const gpus = await client.query(USABLE_GPUS, [nodeId]);
  const { rowCount: jobs } = await client.query(
    `SELECT 1 FROM node_preparation WHERE "nodeId" = $1 AND status IN ('queued', 'running')`,
    [nodeId],
  );
  const claims = await client.query<{ gpuUuid: string }>(
    `SELECT "gpuUuid" FROM gpu_claim WHERE "nodeId" = $1`,
    [nodeId],
  );
  const justHeld = await client.query<{ uuid: string }>(JUST_HELD, [nodeId, now]);
  const held = new Set(justHeld.rows.map((row) => row.uuid));
  const runs = await client.query(RUNS, [ids]);
  return {
    nodeName: node.rows[0]?.name ?? "the node",
    gpus: z.array(GpuRow).parse(gpus.rows),
    claimedUuids: new Set(claims.rows.map((row) => row.gpuUuid)),
    foreignUse: new Map(
      [...foreignUse].flatMap(([uuid, { by, isNamed }]) => (isNamed || !held.has(uuid) ? [[uuid, by]] : [])),
    ),
    isReachable,
    isPreparing: jobs !== 0,
    runs: z.array(RunRow).parse(runs.rows).map(toQueuedRun),
  };
}

function toQueuedRun(row: z.infer<typeof RunRow>): QueuedRun {
  return { ...row, stages: row.stages.map((stage) => ({ ...stage, heldUuids: stage.heldUuids ?? [] })) };
}
