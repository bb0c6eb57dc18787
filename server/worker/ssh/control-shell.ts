import type { ClientChannel } from "ssh2";
import {
  createNonce,
  defineScript,
  frameCall,
  type ScriptArgument,
  SHELL_COMMAND,
  SHELL_PROLOGUE,
} from "./frame";
import { FrameReader } from "./frame-reader";
import { type Link, linkLost, openExecChannel } from "./open-channel";
import type { ExecResult } from "./types";

export interface CallOptions {
  args: readonly ScriptArgument[];
  timeoutMs: number;
  maxOutputBytes: number;
}

/** One call in flight on a shell. */
interface Call {
  stdout: FrameReader;
  stderr: FrameReader;
  finish: (end: { isTimedOut?: boolean; isTruncated?: boolean }) => void;
}

/**
 * A `sh -s` that stays and runs one program after another in subshells, so that a slow login shell (pyenv in .bashrc:
 * 640 ms an exec) is paid once a connection. A call that goes wrong takes its shell with it.
 */
export class ControlShell {
  private readonly link: Link;
  private readonly channel: ClientChannel;
  private readonly defined = new Set<string>();
  private call: Call | null = null;
  private hasEnded = false;

  static async open(link: Link, timeoutMs: number): Promise<ControlShell> {
    return new ControlShell(link, await openExecChannel(link, SHELL_COMMAND, timeoutMs));
  }

  private constructor(link: Link, channel: ClientChannel) {
    this.link = link;
    this.channel = channel;
    channel.on("data", (bytes: Buffer) => this.call?.stdout.push(bytes));
    channel.stderr.on("data", (bytes: Buffer) => this.call?.stderr.push(bytes));
    channel.on("data", () => this.finishWhenFramesEnded());
    channel.stderr.on("data", () => this.finishWhenFramesEnded());
    channel.on("close", () => this.onClosed());
    // A write to a channel that just went is followed by its close, which is what counts.
    channel.on("error", () => {});
    channel.write(SHELL_PROLOGUE);
  }

  get isUsable(): boolean {
    return !this.hasEnded && this.call === null && this.link.isOpen();
  }

  /**
   * Resolves for every end that says something about the program: exit code null means unknown.
   * @throws AppError NODE_UNREACHABLE when the link goes, whatever the program did by then
   */
  run(source: string, options: CallOptions): Promise<ExecResult> {
    const nonce = createNonce();
    const script = defineScript(source);
    const call = frameCall(script.name, options.args, nonce);
    const text = this.defined.has(script.name) ? call : script.definition + call;
    this.defined.add(script.name);
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      let room = options.maxOutputBytes;
      const collect = (into: Buffer[]) => (bytes: Buffer) => {
        if (room > 0) into.push(Buffer.from(bytes.subarray(0, room)));
        room -= bytes.length;
        if (room < 0) this.call?.finish({ isTruncated: true });
      };
      const timer = setTimeout(() => this.call?.finish({ isTimedOut: true }), options.timeoutMs);
      const pending: Call = {
        stdout: new FrameReader(nonce, collect(stdout)),
        stderr: new FrameReader(nonce, collect(stderr)),
        finish: ({ isTimedOut = false, isTruncated = false }) => {
          clearTimeout(timer);
          this.call = null;
          if (isTimedOut || isTruncated) this.kill();
          if (!this.link.isOpen()) return reject(linkLost(this.link));
          resolve({
            exitCode: isTimedOut || isTruncated ? null : pending.stdout.exitCode,
            signal: null,
            stdout: Buffer.concat(stdout),
            stderr: Buffer.concat(stderr),
            durationMs: performance.now() - startedAt,
            isTimedOut,
            isTruncated,
          });
        },
      };
      this.call = pending;
      if (this.hasEnded) pending.finish({});
      else this.channel.write(text);
    });
  }

  private finishWhenFramesEnded(): void {
    const call = this.call;
    if (call?.stdout.hasEnded && call.stderr.hasEnded) call.finish({});
  }

  private onClosed(): void {
    this.hasEnded = true;
    this.call?.finish({});
  }

  /** sshd signals the session's process group; a program that left it is not ours to end here. */
  kill(): void {
    this.hasEnded = true;
    this.channel.signal("KILL");
    this.channel.close();
  }
}
