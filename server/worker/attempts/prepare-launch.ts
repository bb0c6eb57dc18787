import { AppError } from "../../errors";
import freePort from "../scripts/free-port.sh";
import prepare from "../scripts/prepare-launch.sh";
import { expectSuccess, type NodeConnection } from "../ssh";

const PROGRAM = `${freePort}\n${prepare}`;

/**
 * Makes the work directory and chooses the attempt's rendezvous port (`--master_port`): one that nobody on the node
 * listens on and no unfinished attempt holds.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT, REMOTE_COMMAND_FAILED
 */
export async function prepareLaunch(
  connection: NodeConnection,
  attempt: { workDirectory: string; attemptId: string },
): Promise<{ masterPort: number }> {
  const result = await connection.runScript(PROGRAM, { args: [attempt.workDirectory, attempt.attemptId] });
  const text = expectSuccess(result, "Preparing the launch").toString("utf8").trim();
  const masterPort = Number(text);
  if (!Number.isInteger(masterPort) || masterPort < 1 || masterPort > 65_535) {
    throw new AppError("REMOTE_COMMAND_FAILED", "The node has no free port between 20000 and 28999.", {
      details: { output: text.slice(0, 200) },
    });
  }
  return { masterPort };
}
