import { randomUUID } from "node:crypto";
import type { PoolClient } from "pg";
import { recordAudit } from "../audit";
import type { Context } from "../context";
import { DEFAULT_WORK_DIRECTORY } from "../contracts/nodes";
import {
  PREPARATION_STEPS,
  type PreparationSettings,
  type PreparationStep,
  UNINSTALL_STEPS,
} from "../contracts/preparation";
import { inTransaction } from "../db";
import { AppError } from "../errors";
import { lockPlan } from "../nodes/hold-node";
import { PRACTICE_REFUSAL } from "./get-preparation";

export interface JobRequest {
  ctx: Context;
  nodeId: string;
  action: "prepare" | "uninstall";
  settings: PreparationSettings;
  auditDetail: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Makes the node's newest job; the worker starts it with its next round.
 * @throws AppError NOT_FOUND, PRECONDITION (practice node), CONFLICT (a job or an attempt is under way)
 */
export async function requestJob(request: JobRequest): Promise<void> {
  const { ctx, nodeId, action } = request;
  await inTransaction(ctx.db.pool, async (client) => {
    await lockPlan(client, nodeId);
    await lockNode(client, nodeId);
    const workDirectory = await admitJob(client, nodeId, action);
    await client.query("DELETE FROM preparation_log WHERE node_id = $1", [nodeId]);
    await client.query(UPSERT, [
      nodeId,
      randomUUID(),
      action,
      ctx.actor.name,
      ctx.now(),
      request.settings,
      JSON.stringify(waitingSteps(action)),
      workDirectory,
    ]);
    await recordAudit(client, ctx, {
      action: action === "prepare" ? "node.prepare" : "node.uninstall",
      object: `node ${nodeId}`,
      detail: request.auditDetail,
    });
  });
  ctx.publish({ kind: "node", nodeId });
}

const UPSERT = `INSERT INTO node_preparation AS p
  ("nodeId", "jobId", action, "requestedBy", "requestedAt", settings, steps, "workDirectory")
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT ("nodeId") DO UPDATE SET "jobId" = excluded."jobId", action = excluded.action, status = 'queued',
    "isCancelRequested" = false, "requestedBy" = excluded."requestedBy", "requestedAt" = excluded."requestedAt",
    "startedAt" = NULL, "endedAt" = NULL, reason = NULL, settings = excluded.settings, steps = excluded.steps,
    "workDirectory" = excluded."workDirectory",
    "preparedIn" = CASE WHEN excluded.action = 'uninstall' OR p."preparedIn" = excluded."workDirectory" THEN p."preparedIn" END,
    "logSize" = 0, "isLogComplete" = false`;

/**
 * Where the job works: what was prepared is removed where it was made, wherever the node's settings point since. Until then
 * nothing is made elsewhere, or nobody would know of it; unless removing it was tried already, as its disk may be gone.
 * @throws AppError CONFLICT
 */
async function workDirectoryOf(
  client: PoolClient,
  nodeId: string,
  action: JobRequest["action"],
): Promise<string> {
  const { rows } = await client.query<{ now: string | null; made: string | null; isRemoved: boolean | null }>(
    `SELECT n.settings->>'workDirectory' AS now, coalesce(p."preparedIn", p."workDirectory") AS made,
       p.action = 'uninstall' AS "isRemoved"
     FROM node n LEFT JOIN node_preparation p ON p."nodeId" = n.id WHERE n.id = $1`,
    [nodeId],
  );
  const { made = null, isRemoved = false } = rows[0] ?? {};
  const now = rows[0]?.now ?? DEFAULT_WORK_DIRECTORY;
  if (action === "uninstall") return made ?? now;
  if (made !== null && made !== now && !isRemoved)
    throw new AppError(
      "CONFLICT",
      `An environment is in ${made}, and the node's work directory is ${now} since.`,
      {
        hint: `Uninstall it first, which removes what is in ${made}; or set the work directory back.`,
      },
    );
  return now;
}

function waitingSteps(action: "prepare" | "uninstall"): PreparationStep[] {
  const names = action === "prepare" ? PREPARATION_STEPS : UNINSTALL_STEPS;
  return names.map((name) => ({ name, state: "waiting", startedAt: null, endedAt: null, note: null }));
}

async function lockNode(client: PoolClient, nodeId: string): Promise<void> {
  const { rows } = await client.query<{ isPractice: boolean }>(
    `SELECT "isPractice" FROM node WHERE id = $1 AND "removedAt" IS NULL FOR NO KEY UPDATE`,
    [nodeId],
  );
  if (rows[0] === undefined) throw new AppError("NOT_FOUND", "There is no such node, or it was removed.");
  if (rows[0].isPractice) throw new AppError("PRECONDITION", PRACTICE_REFUSAL);
}

/** @returns where it is to work @throws AppError CONFLICT (something is under way; an environment is elsewhere) */
export async function admitJob(
  client: PoolClient,
  nodeId: string,
  action: JobRequest["action"],
): Promise<string> {
  await refuseWhileBusy(client, nodeId);
  return workDirectoryOf(client, nodeId, action);
}

/** @throws AppError CONFLICT (a job or an attempt is under way) */
async function refuseWhileBusy(client: PoolClient, nodeId: string): Promise<void> {
  const { rowCount: jobs } = await client.query(
    `SELECT 1 FROM node_preparation WHERE "nodeId" = $1 AND status IN ('queued', 'running')`,
    [nodeId],
  );
  if (jobs !== 0)
    throw new AppError("CONFLICT", "A job is under way on this node already.", {
      hint: "Wait for its end, or cancel it.",
    });
  const { rowCount: attempts } = await client.query(
    `SELECT 1 FROM attempt a JOIN placement p ON p."attemptId" = a.id
     WHERE p."nodeId" = $1 AND a.status IN ('queued', 'starting', 'running', 'stopping') LIMIT 1`,
    [nodeId],
  );
  if (attempts !== 0)
    throw new AppError("CONFLICT", "Attempts run on this node, and could use what would be changed.", {
      hint: "Wait for their end, or stop them.",
    });
}
