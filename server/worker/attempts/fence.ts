import job from "../scripts/job.sh";
import { expectSuccess, type NodeConnection } from "../ssh";

export type FenceReason = "lost" | "interrupted" | "never-launched";

const STILL_ALIVE = 3;

/**
 * Writes the `exit` of an attempt that has no live process, or of one that never started: then a launch that comes late
 * finds the claim taken. First writer wins; an `exit` that is there stays.
 * Returns false when something of the attempt is alive after all.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT, REMOTE_COMMAND_FAILED (full disk: try again)
 */
export async function fenceAttempt(options: {
  connection: NodeConnection;
  directory: string;
  why: FenceReason;
}): Promise<boolean> {
  const { connection, directory, why } = options;
  const result = await connection.runScript(job, { args: ["fence", directory, why] });
  if (result.exitCode === STILL_ALIVE) return false;
  expectSuccess(result, "Closing the attempt");
  return true;
}
