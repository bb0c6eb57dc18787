import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import type { Logger } from "../log";

export type ChildName = "practice" | "worker" | "web";

const FirstAdmin = z.object({ type: z.literal("first-admin"), email: z.string(), password: z.string() });
export type FirstAdmin = z.infer<typeof FirstAdmin>;

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 12_000;
const MAX_BACKOFF_MS = 15_000;

export interface ChildOptions {
  name: ChildName;
  /** Directory of the bundles. */
  dist: string;
  env: NodeJS.ProcessEnv;
  log: Logger;
  onFirstAdmin: (admin: FirstAdmin) => void;
  /** Told of each new process, so that a killed supervisor's children can be found again. */
  onSpawn: (name: ChildName, pid: number) => void;
}

/** One process that is started again when it dies, with growing pauses, until it is stopped. */
export class Child {
  private process: ChildProcess | null = null;
  private isStopping = false;
  private failures = 0;
  private readonly options: ChildOptions;

  constructor(options: ChildOptions) {
    this.options = options;
  }

  /** Resolves when it says that it is ready. @throws Error when it ends before, or says nothing for a minute */
  start(): Promise<void> {
    const { name, dist, env, onSpawn } = this.options;
    const child = spawn(process.execPath, ["--enable-source-maps", join(dist, `${name}.mjs`)], {
      env,
      // Structured logs go to stderr: stdout is for people, and for the demo's JSON.
      stdio: ["ignore", 2, "inherit", "ipc"],
    });
    this.process = child;
    if (child.pid !== undefined) onSpawn(name, child.pid);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${name} did not become ready in a minute`)),
        READY_TIMEOUT_MS,
      );
      let isReady = false;
      child.on("message", (message) => {
        const admin = FirstAdmin.safeParse(message);
        if (admin.success) this.options.onFirstAdmin(admin.data);
        if (message !== "ready") return;
        isReady = true;
        this.failures = 0;
        clearTimeout(timer);
        resolve();
      });
      child.once("exit", (code, signal) => {
        clearTimeout(timer);
        if (this.process === child) this.process = null;
        if (!isReady)
          reject(new Error(`${name} ended before it was ready (${signal ?? `exit status ${code}`})`));
        else if (!this.isStopping) this.restart(`${signal ?? `exit status ${code}`}`);
      });
      child.once("error", reject);
    });
  }

  private restart(why: string): void {
    const { name, log } = this.options;
    const pauseMs = Math.min(MAX_BACKOFF_MS, 250 * 2 ** this.failures);
    this.failures += 1;
    log.error({ child: name, why, pauseMs }, "a process ended; starting it again");
    setTimeout(() => {
      if (this.isStopping) return;
      this.start().catch((error: Error) => this.restart(error.message));
    }, pauseMs);
  }

  /** TERM, then KILL after 12 s. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const child = this.process;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(timer);
  }
}
