// Runs a program to its end, and ends it with us: nothing that was started survives Ctrl-C.
import { spawn } from "node:child_process";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
const KEPT_OUTPUT = 12_000;

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env?: Record<string, string | undefined>, onSpawn?: (pid: number) => void }} options
 * @returns {Promise<{ status: number | null, output: string }>} output: the end of what it printed
 */
export function runCommand(command, args, { cwd, env = {}, onSpawn }) {
  return new Promise((resolve) => {
    // A group of its own: a signal reaches what the program has started too, and only once.
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    if (child.pid !== undefined) onSpawn?.(child.pid);
    let output = "";
    const keep = (bytes) => {
      output = (output + bytes).slice(-KEPT_OUTPUT);
    };
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    const stop = (signal) => {
      endGroup(child.pid);
      process.exit(signal === "SIGINT" ? 130 : 143);
    };
    for (const signal of SIGNALS) process.on(signal, stop);
    const done = (result) => {
      for (const signal of SIGNALS) process.off(signal, stop);
      resolve(result);
    };
    child.once("error", (error) => done({ status: null, output: error.message }));
    child.once("close", (status) => done({ status, output }));
  });
}

function endGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // It has just ended by itself.
    if (error.code !== "ESRCH") throw error;
  }
}
