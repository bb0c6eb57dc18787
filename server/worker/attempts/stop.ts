import job from "../scripts/job.sh";
import { expectSuccess, type NodeConnection } from "../ssh";

/**
 * Asks the attempt's supervisor to stop it: TERM now, KILL after `graceSeconds`, all on the node, so that a link that is
 * cut afterwards stops nothing half way. Asking again changes nothing: the first `cancel` stays.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT, REMOTE_COMMAND_FAILED
 */
export async function requestStop(options: {
  connection: NodeConnection;
  directory: string;
  who: string;
  graceSeconds: number;
}): Promise<void> {
  const { connection, directory, who, graceSeconds } = options;
  const result = await connection.runScript(job, { args: ["cancel", directory, who, String(graceSeconds)] });
  expectSuccess(result, "Asking the attempt to stop");
}

/**
 * Signals every member of an attempt whose supervisor is dead: its session and whatever carries its mark.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT, REMOTE_COMMAND_FAILED
 */
export async function signalMembers(options: {
  connection: NodeConnection;
  directory: string;
  signal: "TERM" | "KILL";
}): Promise<void> {
  const { connection, directory, signal } = options;
  const result = await connection.runScript(job, { args: ["kill", directory, signal] });
  expectSuccess(result, `Sending ${signal} to the attempt`);
}
