import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import ssh2, { type SFTPWrapper } from "ssh2";
import { createLogger } from "../../log";
import { startPractice } from "../start-practice";

const PROGRAMS = "server/practice/programs";

/** The programs as the product bundles them, in a directory of their own. */
export async function buildPrograms(directory: string): Promise<string> {
  const outdir = join(directory, "programs");
  await build({
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "silent",
    entryPoints: {
      "nvidia-smi": `${PROGRAMS}/nvidia-smi.ts`,
      deepspeed: `${PROGRAMS}/deepspeed.ts`,
      evaluate: `${PROGRAMS}/evaluate.ts`,
      preview: `${PROGRAMS}/preview.ts`,
    },
    outdir,
    outExtension: { ".js": ".mjs" },
  });
  return outdir;
}

export interface CommandResult {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** A client of ssh2's own, so that the server is tried from outside. */
export class PracticeClient {
  readonly connection = new ssh2.Client();

  connect(options: { port: number; username: string; password: string }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.connection.once("ready", resolve).once("error", reject);
      this.connection.connect({ host: "127.0.0.1", ...options, hostVerifier: () => true });
    });
  }

  run(command: string, stdin = ""): Promise<CommandResult> {
    return new Promise((resolve, reject) => {
      this.connection.exec(command, (error, channel) => {
        if (error) return reject(error);
        const result: CommandResult = { code: null, signal: null, stdout: "", stderr: "" };
        channel.on("data", (bytes: Buffer) => {
          result.stdout += bytes;
        });
        channel.stderr.on("data", (bytes: Buffer) => {
          result.stderr += bytes;
        });
        channel.on("exit", (code: number | null, signal?: string) => {
          result.code = code;
          result.signal = signal ?? null;
        });
        channel.on("close", () => resolve(result));
        channel.end(stdin);
      });
    });
  }

  sftp(): Promise<SFTPWrapper> {
    return new Promise((resolve, reject) => {
      this.connection.sftp((error, sftp) => (error ? reject(error) : resolve(sftp)));
    });
  }

  end(): void {
    this.connection.end();
  }
}

/** A practice node in a temporary data directory. */
export async function startTestPractice(options: { withPrograms: boolean }) {
  const dataDirectory = await mkdtemp(join(tmpdir(), "practice-"));
  const programDirectory = options.withPrograms ? await buildPrograms(dataDirectory) : dataDirectory;
  const start = (port = 0) =>
    startPractice({ dataDirectory, programDirectory, port, log: createLogger("practice", "silent") });
  const first = await start();
  return {
    ...first,
    dataDirectory,
    home: join(dataDirectory, "practice", "home"),
    start,
    async close() {
      await first.server.close();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** @throws Error when the condition does not come true in time */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 10_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("the condition did not come true in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
