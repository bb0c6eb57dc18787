import { AppError } from "../../errors";
import { ControlShell } from "./control-shell";
import type { Link } from "./open-channel";
import { Slots } from "./slots";
import type { ExecResult, RunScriptOptions } from "./types";

const DEFAULT_TIMEOUT_MS = 15_000;
const DEFAULT_MAX_OUTPUT_BYTES = 1024 * 1024;
/** One for the reconcile loop and one for whoever asks meanwhile. */
const SHELLS_PER_CONNECTION = 2;

/** Keeps the connection's control shells and gives each call one of its own. */
export class ScriptRunner {
  private readonly link: Link;
  private readonly slots = new Slots(SHELLS_PER_CONNECTION);
  private readonly idle: ControlShell[] = [];

  constructor(link: Link) {
    this.link = link;
  }

  /**
   * Runs a POSIX sh program and returns what it wrote. `$$` in it is the control shell's pid, shared by all calls.
   * Past its deadline it resolves with isTimedOut and exitCode null, when it was started.
   * @throws AppError NODE_UNREACHABLE, TIMEOUT (not started), LIMIT, VALIDATION (NUL byte in an argument)
   */
  async run(source: string, options: RunScriptOptions = {}): Promise<ExecResult> {
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const deadline = performance.now() + timeoutMs;
    const timeLeft = () => Math.max(1, deadline - performance.now());
    const release = await this.slots.acquire(timeLeft());
    try {
      const shell = this.takeIdle() ?? (await ControlShell.open(this.link, timeLeft()));
      const result = await shell.run(source, {
        args: options.args ?? [],
        timeoutMs: timeLeft(),
        maxOutputBytes: options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES,
      });
      if (shell.isUsable) this.idle.push(shell);
      return result;
    } finally {
      release();
    }
  }

  private takeIdle(): ControlShell | undefined {
    for (let shell = this.idle.pop(); shell !== undefined; shell = this.idle.pop()) {
      if (shell.isUsable) return shell;
    }
    return undefined;
  }
}

/**
 * The output of a program that has to succeed.
 * @throws AppError REMOTE_COMMAND_FAILED with the end of its output, also when how it ended is unknown
 */
export function expectSuccess(result: ExecResult, what: string): Buffer {
  if (result.exitCode === 0) return result.stdout;
  const output = Buffer.concat([result.stdout, result.stderr]).toString("utf8").slice(-2000);
  const how = result.isTimedOut
    ? "did not end in time"
    : result.isTruncated
      ? "wrote too much"
      : result.exitCode === null
        ? "ended in an unknown way"
        : `ended with exit status ${result.exitCode}`;
  throw new AppError("REMOTE_COMMAND_FAILED", `${what} ${how}.`, { details: { output } });
}
