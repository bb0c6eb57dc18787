import { createNonce, frameStream, SHELL_COMMAND, SHELL_PROLOGUE } from "./frame";
import { FrameReader } from "./frame-reader";
import { type Link, openExecChannel } from "./open-channel";
import { Slots } from "./slots";
import type { StreamScriptOptions } from "./types";

const OPEN_TIMEOUT_MS = 15_000;
/** The telemetry reader and one more. */
const STREAMS_PER_CONNECTION = 2;

/** Programs that go on for days, each on a channel of its own. */
export class ScriptStreamer {
  private readonly link: Link;
  private readonly slots = new Slots(STREAMS_PER_CONNECTION);

  constructor(link: Link) {
    this.link = link;
  }

  /**
   * Starts a program; its output goes to the callbacks as it comes, without a login shell's noise. Its stdin stays open
   * and ends when the reader is gone. `close` kills its process group on the node.
   * @throws AppError NODE_UNREACHABLE, TIMEOUT, LIMIT, VALIDATION
   */
  async start(source: string, options: StreamScriptOptions): Promise<{ close: () => void }> {
    const nonce = createNonce();
    const text = frameStream(source, options.args ?? [], nonce);
    const release = await this.slots.acquire(OPEN_TIMEOUT_MS);
    const channel = await openExecChannel(this.link, SHELL_COMMAND, OPEN_TIMEOUT_MS).catch(
      (error: unknown) => {
        release();
        throw error;
      },
    );
    const framing = { hasEnd: false, onNoise: options.onNoise };
    const stdout = new FrameReader(nonce, options.onStdout, framing);
    const stderr = new FrameReader(nonce, options.onStderr ?? (() => {}), framing);
    let end: { exitCode: number | null; signal: string | null } = { exitCode: null, signal: null };
    channel.on("data", (bytes: Buffer) => stdout.push(bytes));
    channel.stderr.on("data", (bytes: Buffer) => stderr.push(bytes));
    channel.on("exit", (exitCode: number | null, signal?: string) => {
      end = { exitCode, signal: signal ?? null };
    });
    // A write to a channel that just went is followed by its close, which is what counts.
    channel.on("error", () => {});
    channel.once("close", () => {
      release();
      options.onClose(end);
    });
    channel.write(SHELL_PROLOGUE + text);
    return {
      close: () => {
        channel.signal("KILL");
        channel.close();
      },
    };
  }
}
