import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Logger } from "../log";

import { ChildMessage } from "../run-process";
import { WORKER_NODE_OPTIONS } from "../worker-node-options";

export type ChildName = "practice" | "worker" | "web";

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 12_000;
const MAX_BACKOFF_MS = 15_000;
/** Up for so long, an end is no longer one of a series. */
const STEADY_MS = 30_000;

export interface ChildOptions {
  name: ChildName;
  /** Directory of the bundles. */
  dist: string;
  env: NodeJS.ProcessEnv;
  log: Logger;
  /** Told of each new process, so that a killed supervisor's children can be found again. */
  onSpawn: (name: ChildName, pid: number) => void;
}

/** One process that is started again when it dies, with growing pauses, until it is stopped. */
export class Child {
  private process: ChildProcess | null = null;
  private isHeld = false;
  private failures = 0;
  private readonly options: ChildOptions;

  constructor(options: ChildOptions) {
    this.options = options;
  }

  /** Resolves when it says that it is ready. @throws Error when it ends before, or says nothing for a minute */
  start(): Promise<void> {
    const { name, dist, env, onSpawn } = this.options;
    const own = name === "worker" ? WORKER_NODE_OPTIONS : [];
    const child = spawn(process.execPath, ["--enable-source-maps", ...own, join(dist, `${name}.mjs`)], {
      env,
      // Structured logs go to stderr: stdout is for people, and for the demo's JSON.
      stdio: ["ignore", 2, "inherit", "ipc"],
    });
    this.process = child;
    if (child.pid !== undefined) onSpawn(name, child.pid);
    return new Promise((resolve, reject) => {
      let readyAt: number | null = null;
      let reason: string | null = null;
      const timer = setTimeout(() => {
        reason = "it did not become ready in a minute";
        child.kill("SIGKILL");
      }, READY_TIMEOUT_MS);
      child.on("message", (message) => {
        const parsed = ChildMessage.parse(message);
        if (parsed.type === "failed") reason = parsed.message;
        if (parsed.type !== "ready") return;
        readyAt = Date.now();
        clearTimeout(timer);
        resolve();
      });
      child.once("exit", (code, signal) => {
        clearTimeout(timer);
        this.process = null;
        const why = reason ?? signal ?? `exit status ${code}`;
        if (readyAt === null) reject(new Error(`The ${name} process could not start: ${why}`));
        else this.restart(why, Date.now() - readyAt);
      });
      child.once("error", reject);
    });
  }

  private restart(why: string, uptimeMs: number): void {
    if (this.isHeld) return;
    const { name, log } = this.options;
    if (uptimeMs > STEADY_MS) this.failures = 0;
    const pauseMs = Math.min(MAX_BACKOFF_MS, 250 * 2 ** this.failures);
    this.failures += 1;
    log.error({ child: name, why, pauseMs }, "a process ended; starting it again");
    setTimeout(() => {
      if (this.isHeld) return;
      this.start().catch((error: Error) => this.restart(error.message, 0));
    }, pauseMs);
  }

  /** From now on its end is its end. */
  hold(): void {
    this.isHeld = true;
  }

  /** TERM, then KILL after 12 s. */
  async stop(): Promise<void> {
    this.hold();
    const child = this.process;
    if (child === null) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(timer);
  }

  kill(): void {
    this.hold();
    this.process?.kill("SIGKILL");
  }
}
