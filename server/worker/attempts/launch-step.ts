import { dirname } from "node:path/posix";
import { isAppError } from "../../errors";
import { recordAttempt } from "../../runs";
import { type AttemptRound, directoryOf } from "./attempt-round";
import { fenceAttempt } from "./fence";
import { type LaunchOutcome, launchAttempt } from "./launch";
import { placeData } from "./place-data";
import { prepareCommand } from "./prepare-command";
import { prepareLaunch } from "./prepare-launch";

/** Faults that may pass: the next round looks whether it started after all, and tries again if not. */
const PASSING = new Set(["TIMEOUT", "LIMIT", "INTERNAL", "REMOTE_COMMAND_FAILED"]);
const MAX_TRIES = 5;

/**
 * Renders, records "starting" and launches. The row changes before the node does, so that an attempt that runs is never
 * one that the database thinks untouched. What cannot work ends as failed, with the reason in words.
 * @throws AppError for faults that may pass
 */
export async function launchStep(round: AttemptRound): Promise<void> {
  const { ctx, memory, attempt } = round;
  const sent: { isSent: boolean } = { isSent: attempt.status !== "queued" };
  try {
    const outcome = await launch(round, sent);
    if (outcome === null || outcome.type !== "failed") return;
    memory.launchFailure = `could not start: ${outcome.message}`;
  } catch (error) {
    memory.launchFailures += 1;
    if (mayPass(error, memory.launchFailures)) throw error;
    ctx.log.warn({ err: error }, "an attempt cannot be launched");
    const why = isAppError(error) ? error.message : "unexpected error, the server's log has the details";
    memory.launchFailure = `could not start: ${why}`;
  }
  await giveUp(round, { isSent: sent.isSent, reason: memory.launchFailure });
}

function mayPass(error: unknown, tries: number): boolean {
  if (!isAppError(error)) return tries < MAX_TRIES;
  if (error.code === "NODE_UNREACHABLE" || error.code === "CONFLICT") return true;
  return PASSING.has(error.code) && tries < MAX_TRIES;
}

/** Where a launch was sent, the node has the last word: a fence bars one that comes late, and its `exit` ends the attempt. */
async function giveUp(
  round: AttemptRound,
  { isSent, reason }: { isSent: boolean; reason: string },
): Promise<void> {
  const { ctx, lease, connection, attempt } = round;
  if (isSent) {
    await fenceAttempt({ connection, directory: directoryOf(round), why: "never-launched" });
    return;
  }
  await recordAttempt({ ctx, lease, attemptId: attempt.id, to: "failed", reason });
}

/** null: its rows are still on their way to the node. */
async function launch(round: AttemptRound, sent: { isSent: boolean }): Promise<LaunchOutcome | null> {
  const { ctx, lease, connection, attempt, memory } = round;
  const directory = directoryOf(round);
  // Settings may have changed since an earlier try: one attempt has one place, or it could start twice.
  const facts = { ...round.facts, workDirectory: dirname(dirname(directory)) };
  const { workDirectory, homeDirectory } = facts;
  const { masterPort } = await prepareLaunch(connection, { workDirectory, attemptId: attempt.id });
  const { command, files } = await prepareCommand({ ctx, attempt, facts: { ...facts, masterPort } });
  const { localData } = command;
  if (localData && !(await placeData({ ctx, connection, memory, homeDirectory, localData }))) return null;
  await recordAttempt({
    ctx,
    lease,
    attemptId: attempt.id,
    to: "starting",
    reason: "launching on the node",
    patch: { directory, command },
  });
  sent.isSent = true;
  return launchAttempt({
    connection,
    attemptId: attempt.id,
    workDirectory,
    homeDirectory,
    command,
    masterPort,
    files,
  });
}
