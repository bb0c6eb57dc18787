import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { WORKER_NODE_OPTIONS } from "../worker-node-options";
import { waitUntil } from "./processes";

export interface WorkerProcess {
  pid: number;
  /** What it logged so far. */
  log: () => string;
  signal: (name: "SIGKILL" | "SIGTERM" | "SIGSTOP" | "SIGCONT") => void;
  hasEnded: () => boolean;
  /** Resolves when it is gone. */
  ended: Promise<void>;
}

export interface WorkerProgram {
  /** A process of its own, as the supervisor starts it. Resolves when it is ready. */
  start: (settings: {
    databaseUrl: string;
    dataDirectory: string;
    keyFile: string;
  }) => Promise<WorkerProcess>;
  remove: () => void;
}

/** The worker as one file, below node_modules so that it finds its packages. */
export async function buildWorker(): Promise<WorkerProgram> {
  const directory = join(process.cwd(), "node_modules/.cache/trainyard-test");
  const file = join(directory, `worker-${process.pid}.mjs`);
  mkdirSync(directory, { recursive: true });
  await build({
    entryPoints: ["server/worker/main.ts"],
    outfile: file,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    loader: { ".sh": "text", ".py": "text", ".lock": "text" },
    alias: { "@": process.cwd() },
    logLevel: "error",
  });
  return {
    start: (settings) => startProcess(file, settings),
    remove: () => rmSync(file, { force: true }),
  };
}

async function startProcess(
  file: string,
  settings: { databaseUrl: string; dataDirectory: string; keyFile: string },
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [...WORKER_NODE_OPTIONS, file], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      ...process.env,
      NODE_ENV: "production",
      DATABASE_URL: settings.databaseUrl,
      TRAINYARD_DATA_DIR: settings.dataDirectory,
      TRAINYARD_KEY_FILE: settings.keyFile,
      TRAINYARD_PRACTICE: "off",
      LOG_LEVEL: "info",
    },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  }
  let isReady = false;
  child.on("message", () => {
    isReady = true;
  });
  const ended = once(child, "exit").then(() => undefined);
  await waitUntil(() => isReady || hasEnded(child), "the worker to be ready");
  if (!isReady || child.pid === undefined) throw new Error(`the worker did not start:\n${log}`);
  return {
    pid: child.pid,
    log: () => log,
    signal: (name) => child.kill(name),
    hasEnded: () => hasEnded(child),
    ended,
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
