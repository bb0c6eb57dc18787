import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { ServerChannel } from "ssh2";

export interface CommandPlace {
  home: string;
  env: NodeJS.ProcessEnv;
}

/**
 * Runs a program for a channel, as sshd does: its own session and process group, the channel as stdin, stdout and stderr,
 * the exit status or signal at the end. When the channel closes first, the group gets HUP; whoever left the group with
 * setsid, or shields itself with nohup, lives on, also past the end of this server.
 */
export function runCommand(
  channel: ServerChannel,
  argv: readonly string[],
  place: CommandPlace,
): ChildProcess {
  const [program = "/bin/sh", ...args] = argv;
  const child = spawn(program, args, { cwd: place.home, env: place.env, detached: true, stdio: "pipe" });
  let hasExited = false;
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  for (const stream of [child.stdin, child.stdout, child.stderr, channel])
    stream.on("error", ignoreBrokenPipe);

  child.once("error", () => {
    hasExited = true;
    channel.exit(127);
    channel.end();
  });
  child.once("exit", (code, signal) => {
    hasExited = true;
    if (!channel.writable) return;
    if (signal === null) channel.exit(code ?? 255);
    else channel.exit(signal.replace(/^SIG/, ""), false, "");
  });
  // Only when a program left in the background has closed the pipes too, as with sshd.
  child.once("close", () => {
    if (channel.writable) channel.end();
  });
  channel.once("close", () => {
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    if (!hasExited) signalGroup(child, "SIGHUP");
  });
  return child;
}

/** A client may name signals without SIG; unknown names do nothing. */
export function signalGroup(child: ChildProcess, name: string): void {
  const signal = (name.startsWith("SIG") ? name : `SIG${name}`) as NodeJS.Signals;
  if (child.pid === undefined || !(signal in constants.signals)) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** The other side went away: the close events tell the rest. */
function ignoreBrokenPipe(): void {}
