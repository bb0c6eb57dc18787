import type { PoolClient } from "pg";
import { recordAudit } from "../../audit";
import type { PreparationSettings, PreparationStatus, PreparationStep } from "../../contracts/preparation";
import { inTransaction } from "../../db";
import { holdLease } from "../../nodes/lease";
import type { ProbedExit } from "../attempts/parse-probe";
import type { OpenJob } from "./load-job";
import { loadOwnSettings, preparedPart, withPreparation } from "./node-settings";
import { endSteps } from "./parse-steps";
import type { JobRound } from "./prepare-round";

export interface JobEnd {
  status: Extract<PreparationStatus, "succeeded" | "failed" | "cancelled">;
  reason: string | null;
}

/** What is known of a job whose `exit` is there. */
export interface EndedJob {
  job: Pick<OpenJob, "action" | "isCancelRequested">;
  exit: ProbedExit | null;
  steps: readonly PreparationStep[];
  /** Why it could not be launched, if that was the case. */
  launchFailure: string | null;
}

/** How a job ended, by its exit and its steps. */
export function endOf({ job, exit, steps, launchFailure }: EndedJob): JobEnd {
  const isPrepare = job.action === "prepare";
  if (exit?.status === 0) return { status: "succeeded", reason: null };
  if (exit?.why === "never-launched" && job.isCancelRequested)
    return { status: "cancelled", reason: "Cancelled before it began." };
  if (exit?.why === "cancel") {
    const next = isPrepare ? "preparing again goes on from here" : "uninstalling again removes the rest";
    return { status: "cancelled", reason: `Cancelled; ${next}.` };
  }
  if (launchFailure !== null) return { status: "failed", reason: launchFailure };
  const again = isPrepare ? "Prepare again to go on." : "Uninstall again to remove the rest.";
  const failed = steps.find((step) => step.state === "failed");
  if (failed !== undefined)
    return { status: "failed", reason: failed.note ?? `The step ${failed.name} failed. ${again}` };
  if ((exit?.oomKills ?? 0) > 0) return { status: "failed", reason: `The node ran out of memory. ${again}` };
  const running = steps.find((step) => step.state === "running");
  const where = running === undefined ? "" : ` in the step ${running.name}`;
  return { status: "failed", reason: `It was ended from outside${where}. ${again}` };
}

/**
 * Writes the end, and with it what the node uses from now on: after a success its paths and variables are those that
 * were prepared, after uninstalling what stood there before.
 * @throws AppError CONFLICT (the lease is gone)
 */
export async function endJob(
  round: JobRound,
  asked: JobEnd,
  steps: readonly PreparationStep[],
): Promise<void> {
  const { ctx, lease, job } = round;
  const isUnknown = asked.status === "succeeded" && job.settings === null;
  const end: JobEnd = isUnknown ? { status: "failed", reason: UNREADABLE } : asked;
  const now = ctx.now();
  const shown = end.status === "succeeded" ? steps : endSteps(steps, end.status, now);
  await inTransaction(ctx.db.pool, async (client) => {
    await holdLease(client, lease);
    const { rowCount } = await client.query(
      `UPDATE node_preparation SET status = $3, reason = $4, "endedAt" = $5, steps = $6, "isLogComplete" = true,
         "startedAt" = coalesce("startedAt", $5)
       WHERE "nodeId" = $1 AND "jobId" = $2 AND status IN ('queued', 'running')`,
      [lease.nodeId, job.jobId, end.status, end.reason, now, JSON.stringify(shown)],
    );
    if (rowCount === 1 && end.status === "succeeded" && job.settings !== null)
      await applySettings(client, { round, settings: job.settings, now });
  });
  ctx.log.info({ action: job.action, ...end }, "a preparation ended");
  ctx.publish({ kind: "node", nodeId: lease.nodeId });
}

const UNREADABLE = "It ran to its end, but its settings cannot be read any more: ask for it again.";

interface Applying {
  round: JobRound;
  /** Of the job. */
  settings: PreparationSettings;
  now: Date;
}

async function applySettings(client: PoolClient, { round, settings: wanted, now }: Applying): Promise<void> {
  const { ctx, lease, job, paths } = round;
  const applied = preparedPart(wanted, paths);
  const own = await loadOwnSettings(client, lease.nodeId, applied);
  const isPrepare = job.action === "prepare";
  const next = isPrepare ? withPreparation(own, applied) : { settings: own, replaced: null };
  await client.query(`UPDATE node SET settings = $2, "updatedAt" = $3 WHERE id = $1`, [
    lease.nodeId,
    next.settings,
    now,
  ]);
  await client.query(
    `UPDATE node_preparation SET "preparedAt" = $2, replaced = $3, applied = $4, "preparedIn" = $5 WHERE "nodeId" = $1`,
    [
      lease.nodeId,
      isPrepare ? now : null,
      next.replaced,
      isPrepare ? applied : null,
      isPrepare ? job.workDirectory : null,
    ],
  );
  await recordAudit(client, ctx, {
    action: "node.update",
    object: `node ${lease.nodeId}`,
    detail: { fields: "settings", because: isPrepare ? "prepared" : "uninstalled" },
  });
}
