import type { PoolClient } from "pg";
import { z } from "zod";
import { recordAudit } from "../../audit";
import { NodeSettings } from "../../contracts/nodes";
import type { PreparationSettings, PreparationStatus, PreparationStep } from "../../contracts/preparation";
import { inTransaction } from "../../db";
import { holdLease } from "../../nodes/lease";
import type { ProbedExit } from "../attempts/parse-probe";
import type { OpenJob } from "./load-job";
import { endSteps } from "./parse-steps";
import type { JobRound } from "./prepare-round";
import { type PreparedPaths, preparedEnv } from "./render-job";

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
  if (failed?.note) return { status: "failed", reason: failed.note };
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
  ctx.log.info({ nodeId: lease.nodeId, action: job.action, ...end }, "a preparation ended");
  ctx.publish({ kind: "node", nodeId: lease.nodeId });
}

const UNREADABLE = "It ran to its end, but its settings cannot be read any more: ask for it again.";

const Replaced = NodeSettings.pick({ virtualEnvironment: true, examplesDirectory: true, env: true });
type Replaced = z.infer<typeof Replaced>;
const Stored = z.object({ settings: NodeSettings, replaced: Replaced.nullable() });

interface Applying {
  round: JobRound;
  /** Of the job. */
  settings: PreparationSettings;
  now: Date;
}

async function applySettings(client: PoolClient, { round, settings: wanted, now }: Applying): Promise<void> {
  const { ctx, lease, job } = round;
  const { rows } = await client.query(
    `SELECT n.settings, p.replaced FROM node n JOIN node_preparation p ON p."nodeId" = n.id WHERE n.id = $1 FOR UPDATE OF n`,
    [lease.nodeId],
  );
  const { settings, replaced } = Stored.parse(rows[0]);
  const isPrepare = job.action === "prepare";
  const ours = preparedEnv(wanted, round.paths);
  const next = isPrepare
    ? prepared(round.paths, { settings, ours })
    : restored(round.paths, { settings, ours, replaced });
  const { virtualEnvironment, examplesDirectory, env } = settings;
  const before = replaced ?? { virtualEnvironment, examplesDirectory, env };
  await client.query(`UPDATE node SET settings = $2, "updatedAt" = $3 WHERE id = $1`, [
    lease.nodeId,
    next,
    now,
  ]);
  await client.query(`UPDATE node_preparation SET "preparedAt" = $2, replaced = $3 WHERE "nodeId" = $1`, [
    lease.nodeId,
    isPrepare ? now : null,
    isPrepare ? JSON.stringify(before) : null,
  ]);
  await recordAudit(client, ctx, {
    action: "node.update",
    object: `node ${lease.nodeId}`,
    detail: { fields: "settings", because: isPrepare ? "prepared" : "uninstalled" },
  });
}

interface Changing {
  settings: NodeSettings;
  /** Variables of the preparation. */
  ours: Readonly<Record<string, string>>;
}

function prepared(paths: PreparedPaths, { settings, ours }: Changing): NodeSettings {
  // An earlier preparation may have set variables that this one does not, such as offline mode.
  const kept = Object.entries(settings.env).filter(([name]) => !OUR_VARIABLES.includes(name));
  return {
    ...settings,
    virtualEnvironment: paths.virtualEnvironment,
    examplesDirectory: paths.examplesDirectory,
    env: { ...Object.fromEntries(kept), ...ours },
  };
}

const OUR_VARIABLES = [
  "HF_HOME",
  "TORCH_EXTENSIONS_DIR",
  "HF_ENDPOINT",
  "HF_HUB_OFFLINE",
  "HF_DATASETS_OFFLINE",
  "TRANSFORMERS_OFFLINE",
];

/** What somebody set otherwise since is theirs and stays. */
function restored(
  paths: PreparedPaths,
  { settings, ours, replaced }: Changing & { replaced: Replaced | null },
): NodeSettings {
  const kept = Object.entries(settings.env).filter(([name, value]) => ours[name] !== value);
  const earlier = Object.entries(replaced?.env ?? {}).filter(
    ([name]) => OUR_VARIABLES.includes(name) && ours[name] === settings.env[name],
  );
  const back = <K extends "virtualEnvironment" | "examplesDirectory">(key: K) =>
    settings[key] === paths[key] ? (replaced?.[key] ?? null) : settings[key];
  return {
    ...settings,
    virtualEnvironment: back("virtualEnvironment"),
    examplesDirectory: back("examplesDirectory"),
    env: Object.fromEntries([...earlier, ...kept]),
  };
}
