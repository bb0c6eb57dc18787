import { join } from "node:path/posix";
import { inTransaction } from "../../db";
import { AppError } from "../../errors";
import lockSet from "../../recipes/deepspeed-chat/requirements.lock";
import torchLock from "../../recipes/deepspeed-chat/torch.lock";
import { launchAttempt } from "../attempts/launch";
import { prepareLaunch } from "../attempts/prepare-launch";
import buildOps from "../scripts/build-ops.py";
import checkEnvironment from "../scripts/check-environment.py";
import extractArchive from "../scripts/extract-archive.py";
import prepareNode from "../scripts/prepare-node.sh";
import warmCache from "../scripts/warm-cache.py";
import { loadOwnSettings, preparedPart } from "./node-settings";
import type { JobRound } from "./prepare-round";
import { renderJob } from "./render-job";

const PROGRAMS = {
  "prepare-node.sh": prepareNode,
  "extract-archive.py": extractArchive,
  "build-ops.py": buildOps,
  "warm-cache.py": warmCache,
  "check-environment.py": checkEnvironment,
  "torch.lock": torchLock,
  "requirements.lock": lockSet,
} as const;

/** Starts the job, at most once however often it is called. @throws AppError of launchAttempt; PRECONDITION (archive missing) */
export async function startJob(round: JobRound): Promise<void> {
  const { job, connection, facts, root, secrets } = round;
  const { settings } = job;
  if (settings === null)
    throw new AppError("PRECONDITION", "The settings of this job cannot be read: prepare again.");
  if (secrets === null)
    throw new AppError(
      "PRECONDITION",
      "A stored secret cannot be read: enter the secrets again, then prepare.",
    );
  const archive = await findArchive(round);
  const own = await inTransaction(round.ctx.db.pool, (client) =>
    loadOwnSettings(client, round.lease.nodeId, preparedPart(settings, round.paths)),
  );
  const files = Object.fromEntries(Object.entries(PROGRAMS).map(([name, text]) => [name, Buffer.from(text)]));
  const { masterPort } = await prepareLaunch(connection, { workDirectory: root, attemptId: job.jobId });
  const outcome = await launchAttempt({
    connection,
    attemptId: job.jobId,
    workDirectory: root,
    homeDirectory: facts.homeDirectory,
    command: renderJob({
      action: job.action,
      directory: join(root, "attempts", job.jobId),
      settings,
      nodeEnv: own.env,
      secrets,
      paths: round.paths,
      homeDirectory: facts.homeDirectory,
      archive,
    }),
    masterPort,
    files: { ...files, ...(archive === null ? {} : { archive: archive.bytes }) },
  });
  if (outcome.type === "failed") throw new AppError("PRECONDITION", outcome.message);
}

async function findArchive({
  ctx,
  job,
  lease,
}: JobRound): Promise<{ name: string; sha256: string; bytes: Buffer } | null> {
  if (job.action !== "prepare" || job.settings?.examplesSource !== "archive") return null;
  const { rows } = await ctx.db.pool.query<{ name: string; sha256: string; bytes: Buffer }>(
    `SELECT name, sha256, bytes FROM preparation_archive WHERE "nodeId" = $1`,
    [lease.nodeId],
  );
  if (rows[0] === undefined) throw new AppError("PRECONDITION", "The archive is gone: upload it again.");
  return rows[0];
}
