import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "../log";
import {
  loadHostKey,
  type PracticeServerFile,
  readServerFile,
  writeServerFile,
} from "./practice-server-file";
import { prepareHome } from "./prepare-home";
import { createSshServer, type SshServer } from "./ssh/ssh-server";

export interface PracticeOptions {
  dataDirectory: string;
  /** Where the bundled programs are. */
  programDirectory: string;
  /** 0: the port of the last start, else any free one. */
  port: number;
  log: Logger;
}

/** Starts the practice node and says in `practice/server.json` where it is. */
export async function startPractice(
  options: PracticeOptions,
): Promise<{ server: SshServer; address: PracticeServerFile }> {
  const directory = join(options.dataDirectory, "practice");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { privateKey, hostKey } = loadHostKey(directory);
  const stored = readServerFile(directory, hostKey);
  const server = createSshServer({
    hostKey: privateKey,
    username: stored.username,
    password: stored.password,
    place: prepareHome(directory, options.programDirectory),
    log: options.log,
  });
  const port = await listenSomewhere(server, options.port === 0 ? stored.port : options.port, options.log);
  const address = { ...stored, port };
  writeServerFile(directory, address);
  return { server, address };
}

async function listenSomewhere(server: SshServer, wanted: number, log: Logger): Promise<number> {
  try {
    return await server.listen(wanted);
  } catch (error) {
    if (wanted === 0 || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    log.warn({ port: wanted }, "the practice node's port is busy; taking another");
    return server.listen(0);
  }
}
