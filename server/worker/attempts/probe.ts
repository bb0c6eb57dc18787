import { AppError } from "../../errors";
import job from "../scripts/job.sh";
import { expectSuccess, type NodeConnection } from "../ssh";
import { type NodeProbe, parseProbe } from "./parse-probe";

/**
 * State, heartbeat, exit and files of all the named attempts, read in one pass of one script.
 * `eventDirectories` are absolute; event files are looked for below them.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT, REMOTE_COMMAND_FAILED; never a guess
 */
export async function probeAttempts(options: {
  connection: NodeConnection;
  workDirectory: string;
  attemptIds: readonly string[];
  eventDirectories: readonly string[];
}): Promise<NodeProbe> {
  const { connection, workDirectory, attemptIds, eventDirectories } = options;
  const result = await connection.runScript(job, {
    args: ["probe", workDirectory, String(attemptIds.length), ...attemptIds, ...eventDirectories],
    maxOutputBytes: 8 * 1024 * 1024,
  });
  const text = expectSuccess(result, "Reading the attempts").toString("utf8");
  const probe = parseProbe(text);
  if (probe === null) {
    throw new AppError("REMOTE_COMMAND_FAILED", "Reading the attempts gave half an answer.", {
      details: { output: text.slice(-2000) },
    });
  }
  return probe;
}
