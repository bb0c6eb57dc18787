import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** Runs a program to its end. @throws Error with its output when it fails */
export function run(program: string, args: readonly string[], stdin = ""): string {
  const result = spawnSync(program, args, { encoding: "utf8", input: stdin });
  if (result.status !== 0) {
    throw new Error(`${program} ${args.join(" ")}: ${result.error?.message ?? result.stderr}`);
  }
  return result.stdout;
}

/** For programs that fail while somebody else holds a lock file: up to 50 tries, 100 ms apart. */
export function runRepeatedly(program: string, args: readonly string[], stdin = ""): void {
  for (let triesLeft = 50; ; triesLeft--) {
    const result = spawnSync(program, args, { encoding: "utf8", input: stdin });
    if (result.status === 0) return;
    if (triesLeft === 0 || !/lock/.test(result.stderr)) {
      throw new Error(`${program} ${args.join(" ")}: ${result.error?.message ?? result.stderr}`);
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
}

/** Polls until the condition holds. @throws Error that names it, after 20 s */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await delay(20);
  }
}

interface ProcessStat {
  pid: number;
  parent: number;
  name: string;
  state: string;
}

function readStat(pid: number): ProcessStat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name may hold spaces and parentheses: it ends at the last one.
    const end = text.lastIndexOf(")");
    const [state = "", parent = "0"] = text.slice(end + 2).split(" ");
    return { pid, parent: Number(parent), name: text.slice(text.indexOf("(") + 1, end), state };
  } catch {
    // Gone between the listing and the reading.
    return null;
  }
}

function allProcesses(): ProcessStat[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);
}

/** Descendants of a process whose whole line of parents matches `accepts` by name. */
export function descendantsOf(pid: number, accepts: (name: string) => boolean): number[] {
  const all = allProcesses();
  const found: number[] = [];
  for (let level = [pid]; level.length > 0; ) {
    level = all.filter((each) => level.includes(each.parent) && accepts(each.name)).map((each) => each.pid);
    found.push(...level);
  }
  return found;
}

export function isAlive(pid: number, namePrefix = ""): boolean {
  const stat = readStat(pid);
  return stat !== null && stat.state !== "Z" && stat.state !== "X" && stat.name.startsWith(namePrefix);
}

/** Ends what a temporary user left running, so that the user can be removed. */
export async function killAllOfUser(uid: number): Promise<void> {
  const ofUser = () => allProcesses().filter((each) => each.state !== "Z" && ownerOf(each.pid) === uid);
  await waitUntil(() => {
    const left = ofUser();
    for (const each of left) killIfThere(each.pid);
    return left.length === 0;
  }, `processes of user ${uid} to end`);
}

function ownerOf(pid: number): number | null {
  try {
    return statSync(`/proc/${pid}`).uid;
  } catch {
    // Gone already.
    return null;
  }
}

export function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself first.
  }
}
