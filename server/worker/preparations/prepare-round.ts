import { join } from "node:path/posix";
import type { Context } from "../../context";
import { type AppError, isAppError } from "../../errors";
import type { NodeLease } from "../../nodes/lease";
import type { NodeFacts } from "../attempts";
import { expandHome } from "../attempts/attempt-paths";
import { decideStep } from "../attempts/decide-step";
import { fenceAttempt } from "../attempts/fence";
import type { AttemptProbe } from "../attempts/parse-probe";
import { prepareLaunch } from "../attempts/prepare-launch";
import { probeAttempts } from "../attempts/probe";
import { requestStop, signalMembers } from "../attempts/stop";
import type { NodeConnection } from "../ssh";
import type { Vault } from "../vault";
import { endJob, endOf, type JobEnd } from "./end-job";
import { followJob } from "./follow-job";
import { findOpenJob, type OpenJob } from "./load-job";
import { type OpenSecrets, type PreparedPaths, preparedPaths, starText } from "./render-job";
import { startJob } from "./start-job";

export interface PrepareOptions {
  ctx: Context;
  lease: NodeLease;
  connection: NodeConnection;
  vault: Vault;
  facts: Pick<NodeFacts, "homeDirectory" | "workDirectory">;
}

export interface JobRound extends PrepareOptions {
  job: OpenJob;
  /** null: they cannot be read, so nothing is started and nothing stored that may hold one. */
  secrets: OpenSecrets | null;
  paths: PreparedPaths;
  /** Work directory of jobs, apart from that of attempts. */
  root: string;
  directory: string;
}

/** What a connection remembers of the node's job; never truth. Times are of performance.now(). */
export interface JobMemory {
  jobId: string | null;
  claimedSince: number | null;
  goneSince: number | null;
  killingSince: number | null;
  launchFailures: number;
  /** Why it is not tried again, for its end. */
  launchFailure: string | null;
}

export const NO_MEMORY: JobMemory = {
  jobId: null,
  claimedSince: null,
  goneSince: null,
  killingSince: null,
  launchFailures: 0,
  launchFailure: null,
};

const GRACE_SECONDS = 10;
const MAX_LAUNCH_FAILURES = 3;

/**
 * One step for the node's job, if it has one: asks for what is wanted, stores what the node says. Level-triggered.
 * "idle": there is none; "more": come back at once.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT (no conclusion), CONFLICT (the lease is gone)
 */
export async function prepareRound(
  options: PrepareOptions,
  memory: JobMemory,
): Promise<"idle" | "busy" | "more"> {
  const { ctx, lease, connection, facts } = options;
  const job = await findOpenJob(ctx.db, lease.nodeId);
  if (job === null) return "idle";
  if (memory.jobId !== job.jobId) Object.assign(memory, NO_MEMORY, { jobId: job.jobId });
  // Settings may have changed since it was asked for: one job has one place, or it could start twice.
  const workDirectory =
    job.workDirectory === null
      ? facts.workDirectory
      : join(expandHome(job.workDirectory, facts.homeDirectory));
  const root = join(workDirectory, "prepare");
  const round: JobRound = {
    ...options,
    job,
    secrets: await readSecrets(options, job),
    paths: preparedPaths(job.settings ?? { hubDirectory: null }, {
      workDirectory,
      homeDirectory: facts.homeDirectory,
    }),
    root,
    directory: join(root, "attempts", job.jobId),
  };
  const probed = await probeAttempts({
    connection,
    workDirectory: root,
    attemptIds: [job.jobId],
    eventDirectories: [],
  });
  if (!probed.isMounted) return withoutRoot(round, memory);
  const probe = probed.attempts.get(job.jobId);
  if (probe === undefined) return "busy";
  const hasEnded = probe.state === "exit";
  await takeStep(round, memory, probe);
  if (probe.state === "absent" || probe.state === "claimed") return "busy";
  const followed = await followJob(round, hasEnded);
  if (followed.hasMore) return "more";
  const { steps } = followed;
  if (hasEnded)
    await endJob(round, endOf({ job, exit: probe.exit, steps, launchFailure: memory.launchFailure }), steps);
  return "busy";
}

/** Uninstalling needs none. */
async function readSecrets({ ctx, vault, lease }: PrepareOptions, job: OpenJob): Promise<OpenSecrets | null> {
  if (job.action === "uninstall") return new Map();
  try {
    return await vault.preparation.read(lease.nodeId);
  } catch (error) {
    if (!isAppError(error) || error.code !== "PRECONDITION") throw error;
    ctx.log.debug({ err: error }, "the secrets of a preparation cannot be read");
    return null;
  }
}

/** Before the first job there is no directory; later its absence says that a disk is not mounted, or that it was removed. */
async function withoutRoot(round: JobRound, memory: JobMemory): Promise<"busy"> {
  const { job } = round;
  if (job.isCancelRequested)
    await giveUp(round, { status: "cancelled", reason: "Cancelled before it began." });
  else if (job.status === "queued") await launch(round, memory);
  return "busy";
}

async function takeStep(round: JobRound, memory: JobMemory, probe: AttemptProbe): Promise<void> {
  const { job, connection, directory } = round;
  const isGone = probe.state === "gone" || probe.state === "absent";
  memory.claimedSince = probe.state === "claimed" ? (memory.claimedSince ?? performance.now()) : null;
  memory.goneSince = isGone ? (memory.goneSince ?? performance.now()) : null;
  const step = decideStep({
    status: job.status,
    desired: job.isCancelRequested ? "stop" : "run",
    stopGraceSeconds: GRACE_SECONDS,
    probe,
    claimedMs: elapsed(memory.claimedSince),
    goneMs: elapsed(memory.goneSince),
    killingMs: elapsed(memory.killingSince),
  });
  if (step.type === "launch") await launch(round, memory);
  if (step.type === "cancel")
    await requestStop({ connection, directory, who: job.requestedBy, graceSeconds: GRACE_SECONDS });
  if (step.type === "signal") {
    await signalMembers({ connection, directory, signal: step.signal });
    memory.killingSince ??= performance.now();
  }
  if (step.type === "fence") await fenceAttempt({ connection, directory, why: step.why });
}

async function launch(round: JobRound, memory: JobMemory): Promise<void> {
  const { launchFailure } = memory;
  if (launchFailure !== null) return giveUp(round, { status: "failed", reason: launchFailure });
  try {
    await startJob(round);
  } catch (error) {
    if (!isAppError(error) || error.code === "NODE_UNREACHABLE" || error.code === "CONFLICT") throw error;
    memory.launchFailures += 1;
    round.ctx.log.warn({ err: error }, "a preparation did not start");
    if (error.code !== "PRECONDITION" && memory.launchFailures < MAX_LAUNCH_FAILURES) return;
    const reason = round.secrets === null ? error.message : starText(reasonOf(error), round.secrets);
    memory.launchFailure = reason;
    await giveUp(round, { status: "failed", reason });
  }
}

/**
 * The node has the last word: a fence bars a launch that comes late, and its `exit`, which the next round reads, ends the
 * job. Only where the node has no place for either, nothing can have begun.
 */
async function giveUp(round: JobRound, end: JobEnd): Promise<void> {
  const { connection, job, root, directory } = round;
  try {
    await prepareLaunch(connection, { workDirectory: root, attemptId: job.jobId });
    await fenceAttempt({ connection, directory, why: "never-launched" });
  } catch (error) {
    const isRefused = isAppError(error) && error.code === "REMOTE_COMMAND_FAILED" && job.status === "queued";
    if (!isRefused || (await connection.files.stat(directory)) !== null) throw error;
    await endJob(round, end, job.steps);
  }
}

function reasonOf(error: AppError): string {
  const output = error.details?.output?.trim();
  return output ? `${error.message} ${output.slice(-500)}` : error.message;
}

function elapsed(since: number | null): number | null {
  return since === null ? null : performance.now() - since;
}
