import { type NodeAnswer, type NodeQuestion, WRITTEN_VARIABLES } from "../../contracts/node-checks";
import type { NodeSettings } from "../../contracts/nodes";
import { AppError } from "../../errors";
import askHub from "../scripts/ask-hub.py";
import checkRunScript from "../scripts/check-run.sh";
import freePort from "../scripts/free-port.sh";
import { expectSuccess, type NodeConnection } from "../ssh";
import { parseRunCheck } from "./parse-run-check";

/** For each question to the hub. */
const HUB_SECONDS = 5;
/** A network disk that hangs cannot be waited for. */
const TIMEOUT_MS = 15_000;
const MAX_OUTPUT_BYTES = 256 * 1024;
const PROGRAM = `${freePort}\n${checkRunScript}`;

interface RunCheck {
  connection: NodeConnection;
  settings: Pick<NodeSettings, "virtualEnvironment">;
  /** Absolute. */
  workDirectory: string;
  question: NodeQuestion;
}

/**
 * Looks for what a run would need, in at most 15 s. Writes nothing on the node and imports nothing big there.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT, REMOTE_COMMAND_FAILED
 */
export async function checkRun({
  connection,
  settings,
  workDirectory,
  question,
}: RunCheck): Promise<NodeAnswer> {
  const { env, modelPaths, modelNames, folders, dataSets } = question;
  const args = [
    workDirectory,
    settings.virtualEnvironment ?? "",
    askHub,
    String(HUB_SECONDS),
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    "--",
    ...WRITTEN_VARIABLES.flatMap((name) => (env[name] ? ["writes", `${name}=${env[name]}`] : [])),
    ...folders.flatMap((path) => ["folder", path]),
    ...modelPaths.flatMap((path) => ["path", path]),
    ...modelNames.flatMap((name) => ["hub", name]),
    ...dataSets.flatMap((name) => ["data", name]),
  ];
  const result = await connection.runScript(PROGRAM, {
    args,
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: MAX_OUTPUT_BYTES,
  });
  if (result.isTimedOut) {
    throw new AppError("TIMEOUT", `The node did not answer within ${TIMEOUT_MS / 1000} s.`, {
      hint: "A network disk that one of the paths is on may hang.",
    });
  }
  return parseRunCheck(expectSuccess(result, "Looking for what a run needs").toString("utf8"));
}
