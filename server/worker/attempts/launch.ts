import { randomBytes } from "node:crypto";
import { join } from "node:path/posix";
import type { RenderedCommand } from "../../contracts/recipes";
import { AppError } from "../../errors";
import job from "../scripts/job.sh";
import launch from "../scripts/launch.sh";
import { expectSuccess, type NodeConnection } from "../ssh";
import { renderCommandFiles } from "./render-command-files";

export interface LaunchRequest {
  connection: NodeConnection;
  attemptId: string;
  workDirectory: string;
  homeDirectory: string;
  command: RenderedCommand;
  masterPort: number;
  /** More files of the attempt directory, by name. */
  files?: Readonly<Record<string, Buffer>>;
}

/** exists: somebody claimed the attempt before; attach to it. failed: it has its end already, or nothing was claimed. */
export type LaunchOutcome = { type: "launched" } | { type: "exists" } | { type: "failed"; message: string };

/**
 * Starts an attempt at most once, however often it is called: the `mkdir` of launch.sh is the claim. The files come
 * first, into a staging directory of this call alone; secrets travel by SFTP into `env` (0600) and nowhere else.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT, REMOTE_COMMAND_FAILED. It may have started all the same: probe.
 */
export async function launchAttempt(request: LaunchRequest): Promise<LaunchOutcome> {
  const { connection, attemptId, workDirectory } = request;
  const staging = `${attemptId}.${randomBytes(6).toString("hex")}`;
  await uploadStaging(request, join(workDirectory, "staging", staging));
  const result = await connection.runScript(launch, {
    args: [workDirectory, attemptId, staging, job],
    timeoutMs: 30_000,
  });
  return parseLaunchReply(expectSuccess(result, "Launching").toString("utf8"));
}

async function uploadStaging(request: LaunchRequest, directory: string): Promise<void> {
  const { cmd, env } = renderCommandFiles(request.command, request.homeDirectory);
  const { files } = request.connection;
  await files.makeDirectory(directory, { mode: 0o700 });
  const contents: Record<string, Buffer> = {
    ...request.files,
    cmd: Buffer.from(cmd),
    env: Buffer.from(env),
    port: Buffer.from(`${request.masterPort}\n`),
    output: Buffer.from(`${request.command.outputDirectory}\n`),
  };
  await Promise.all(
    Object.entries(contents).map(([name, bytes]) =>
      files.write(join(directory, name), bytes, { mode: 0o600 }),
    ),
  );
}

/** What launch.sh said. @throws AppError REMOTE_COMMAND_FAILED for anything else */
function parseLaunchReply(text: string): LaunchOutcome {
  const said = text.trim();
  if (said === "launched") return { type: "launched" };
  if (said === "exists") return { type: "exists" };
  if (said.startsWith("failed ")) return { type: "failed", message: said.slice("failed ".length) };
  throw new AppError("REMOTE_COMMAND_FAILED", "The launch gave no answer that makes sense.", {
    details: { output: said.slice(-2000) },
  });
}
