import type { AppendResult } from "../../logs";
import { classifyEnd, recordAttempt } from "../../runs";
import { type AttemptRound, directoryOf } from "./attempt-round";
import { checkExpectedFiles } from "./check-expected-files";
import type { AttemptProbe } from "./parse-probe";

const NO_EVIDENCE: AppendResult["evidence"] = {
  cudaOutOfMemory: null,
  exitsWithReturnCode: null,
  lastTraceback: null,
  killedSubprocess: false,
};

/**
 * The end of an attempt whose `exit` is there and whose files are all in Postgres: exit status, log, out-of-memory count and
 * checkpoints decide together. Returns false when it had its end before.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT, REMOTE_COMMAND_FAILED, CONFLICT
 */
export async function endAttempt(
  round: AttemptRound,
  found: { probe: AttemptProbe; evidence: AppendResult["evidence"] | null },
): Promise<boolean> {
  const { ctx, lease, attempt, memory } = round;
  const { exit, cancel } = found.probe;
  const oomKills = exit?.oomKills ?? 0;
  const end = classifyEnd({
    exit,
    oomKills,
    orphanedRanks: exit?.orphanedRanks ?? 0,
    evidence: found.evidence ?? NO_EVIDENCE,
    hasExpectedFiles: exit?.status === 0 && (await hasSaved(round)),
    wasCancelled: attempt.desired === "stop" || cancel !== null,
  });
  const leaked = exit?.leakedPids ?? [];
  const survivors = leaked.length === 0 ? "" : `; processes ${leaked.join(", ")} could not be killed`;
  return recordAttempt({
    ctx,
    lease,
    attemptId: attempt.id,
    to: end.status,
    reason: (memory.launchFailure ?? end.reason) + survivors,
    patch: {
      exitStatus: exit?.status ?? null,
      exitWhy: exit?.why ?? null,
      oomKills,
      endCause: end.cause ?? null,
    },
  });
}

async function hasSaved(round: AttemptRound): Promise<boolean> {
  const { connection, attempt } = round;
  const { outputDirectory, expectedFiles } = attempt.command ?? {};
  if (outputDirectory === undefined || expectedFiles === undefined) return false;
  const directory = directoryOf(round);
  return (await checkExpectedFiles({ connection, directory, outputDirectory, expectedFiles }))
    .hasExpectedFiles;
}
