import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NodeProbe, parseProbe } from "../worker/attempts/parse-probe";
import job from "../worker/scripts/job.sh";
import launch from "../worker/scripts/launch.sh";

export const SHELLS = ["dash", "bash", "busybox"] as const;
export type Shell = (typeof SHELLS)[number];

export function isShellInstalled(shell: Shell): boolean {
  return spawnSync(shell, ["true"]).error === undefined;
}

/** The scripts of an attempt, run as child processes under one shell (busybox: with all of its applets). */
export interface AttemptScripts {
  root: string;
  directory: (id: string) => string;
  stage: (id: string, command: string, env?: string) => string;
  /** Stages and launches. Says what launch.sh said. */
  launch: (id: string, command: string, env?: string) => Promise<string>;
  job: (...args: string[]) => Promise<{ status: number | null; stdout: string }>;
  run: (source: string, ...args: string[]) => Promise<{ status: number | null; stdout: string }>;
  probe: (...ids: string[]) => Promise<NodeProbe>;
  read: (id: string, file: string) => string;
  /** Value of a key of `id` or `child`. */
  number: (id: string, file: "id" | "child", key: string) => number;
  remove: () => void;
}

export function createAttemptScripts(shell: Shell, root?: string): AttemptScripts {
  const directory = mkdtempSync(join(tmpdir(), `trainyard-${shell}-`));
  const path = createPath(shell, directory);
  const work = root ?? join(directory, "work");
  mkdirSync(join(work, "staging"), { recursive: true });
  mkdirSync(join(work, "attempts"), { recursive: true });
  writeFileSync(join(work, ".trainyard"), "");
  let launches = 0;

  const run = (source: string, ...args: string[]) =>
    new Promise<{ status: number | null; stdout: string }>((resolve) => {
      const child = spawn("sh", ["-s", "--", ...args], {
        env: { ...process.env, PATH: path, HOME: directory },
        stdio: ["pipe", "pipe", "ignore"],
      });
      let stdout = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
      });
      child.on("close", (status) => resolve({ status, stdout }));
      child.stdin.end(source);
    });
  const attempt = (id: string) => join(work, "attempts", id);
  const stage = (id: string, command: string, env = "") => {
    launches += 1;
    const staging = `${id}.${launches}`;
    mkdirSync(join(work, "staging", staging), { mode: 0o700 });
    writeFileSync(join(work, "staging", staging, "cmd"), `${command}\n`, { mode: 0o600 });
    writeFileSync(join(work, "staging", staging, "env"), env, { mode: 0o600 });
    return staging;
  };

  return {
    root: work,
    directory: attempt,
    stage,
    run,
    launch: async (id, command, env) =>
      (await run(launch, work, id, stage(id, command, env), job)).stdout.trim(),
    job: (...args) => run(job, ...args),
    probe: async (...ids) => {
      const { stdout } = await run(job, "probe", work, String(ids.length), ...ids);
      const probe = parseProbe(stdout);
      if (probe === null) throw new Error(`not a whole probe:\n${stdout}`);
      return probe;
    },
    read: (id, file) => readFileSync(join(attempt(id), file), "utf8"),
    number: (id, file, key) =>
      Number(new RegExp(` ${key}=(\\d+)`).exec(readFileSync(join(attempt(id), file), "utf8"))?.[1]),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function createPath(shell: Shell, directory: string): string {
  const bin = join(directory, "bin");
  mkdirSync(bin);
  if (shell === "busybox") spawnSync("busybox", ["--install", "-s", bin]);
  else symlinkSync(`/bin/${shell}`, join(bin, "sh"));
  return `${bin}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`;
}
