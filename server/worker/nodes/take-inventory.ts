import type { NodeInventory, NodeSettings } from "../../contracts/nodes";
import { AppError } from "../../errors";
import probe from "../scripts/probe-node.sh";
import type { NodeConnection } from "../ssh";
import { parseInventory } from "./parse-inventory";

/** Its parts are cut off after at most 20 s each and run at the same time. */
const PROBE_TIMEOUT_MS = 25_000;

/**
 * Looks at a node. What hangs or is missing there is null in the result.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT (nothing came in time), REMOTE_COMMAND_FAILED (the program could not run)
 */
export async function takeInventory(
  connection: NodeConnection,
  settings: NodeSettings,
): Promise<NodeInventory> {
  const args = [
    settings.virtualEnvironment ?? "",
    settings.examplesDirectory ?? "",
    settings.workDirectory ?? "",
  ];
  const result = await connection.runScript(probe, { args, timeoutMs: PROBE_TIMEOUT_MS });
  const output = result.stdout.toString("utf8");
  if (!/^homeDirectory=/m.test(output)) {
    throw new AppError("REMOTE_COMMAND_FAILED", "The node ran no shell program.", {
      hint: "Trainyard needs a POSIX sh and base64 (coreutils) on the node.",
      details: { output: `${output}${result.stderr}`.slice(-2000) },
    });
  }
  return parseInventory(output, await measureLatency(connection));
}

/** Round trip of a command that does nothing, on a shell that is already there. Milliseconds; null when it failed. */
async function measureLatency(connection: NodeConnection): Promise<number | null> {
  const result = await connection.runScript(":");
  return result.exitCode === 0 ? result.durationMs : null;
}
