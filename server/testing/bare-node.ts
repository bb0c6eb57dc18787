import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FlagTable } from "../practice/training/argument-parser";
import { PPO_FLAGS, REWARD_FLAGS, SFT_FLAGS } from "../practice/training/flags";
import { sshdUnavailable, startSshd, type TestSshd } from "./sshd";
import { type StandInServer, startStandInServer } from "./stand-in-server";

/**
 * A machine as it comes: a real sshd, an empty home, a system Python, and GPUs that are the practice node's. Beside it stand-ins
 * of what it would fetch: a package index with a login, a hub, and a repository whose training programs are the practice node's.
 */
export interface BareNode {
  sshd: TestSshd;
  /** HOME of everything that logs in. */
  homeDirectory: string;
  server: StandInServer;
  repositoryUrl: string;
  commit: string;
  stop: () => Promise<void>;
}

const SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin";
const APPLICATION = "applications/DeepSpeed-Chat";
const STAGES: Readonly<Record<string, FlagTable>> = {
  step1_supervised_finetuning: SFT_FLAGS,
  step2_reward_model_finetuning: REWARD_FLAGS,
  step3_rlhf_finetuning: PPO_FLAGS,
};
/** What a preparation needs of a machine. */
const HAS_ALL = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";

/** Why there can be no such node here; null when there can. */
export function bareNodeUnavailable(): string | null {
  if (sshdUnavailable !== null) return sshdUnavailable;
  const env = { ...process.env, PATH: SYSTEM_PATH };
  const works = (program: string, args: string[]) => spawnSync(program, args, { env }).status === 0;
  if (!works("git", ["--version"])) return "git is missing (apt-get install git)";
  if (!works("python3", ["-c", HAS_ALL]))
    return `no python3 in ${SYSTEM_PATH} is 3.11 or later and has venv (apt-get install python3-venv)`;
  return null;
}

/** @param programDirectory the practice node's bundles, dist/practice */
export async function startBareNode(programDirectory: string): Promise<BareNode> {
  const root = mkdtempSync(join(tmpdir(), "trainyard-bare-"));
  const homeDirectory = join(root, "home");
  const bin = join(root, "bin");
  for (const directory of [homeDirectory, bin]) mkdirSync(directory);
  putPrograms(bin, { root, programDirectory });
  const commit = makeRepository(join(root, "DeepSpeedExamples"));
  const server = await startStandInServer(join(root, "index"));
  // As whoever runs the test, who can read all of this; nothing of theirs is in this home.
  const sshd = await startSshd({
    asSelf: true,
    config: [`SetEnv PATH=${bin}:${SYSTEM_PATH} HOME=${homeDirectory}`],
  });
  return {
    sshd,
    homeDirectory,
    server,
    repositoryUrl: `file://${join(root, "DeepSpeedExamples")}`,
    commit,
    stop: async () => {
      await sshd.stop();
      await server.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** What a GPU machine has on its PATH: a driver's tool, a compiler; and where the stand-in of deepspeed finds its trainer. */
function putPrograms(bin: string, from: { root: string; programDirectory: string }): void {
  const put = (name: string, command: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${command}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  const practice = (bundle: string) =>
    `exec '${process.execPath}' '${join(from.programDirectory, `${bundle}.mjs`)}' '${from.root}' "$@"`;
  put("nvidia-smi", practice("nvidia-smi"));
  put("practice-deepspeed", practice("deepspeed"));
  put("nvcc", "echo 'Cuda compilation tools, release 13.0, V13.0.1'");
  put("c++", "echo 'c++ (stand-in) 13.1.0'");
}

/** One commit in the layout of DeepSpeedExamples; its hash. The programs declare the flags that the practice node's read. */
function makeRepository(directory: string): string {
  const application = join(directory, APPLICATION);
  mkdirSync(join(application, "dschat"), { recursive: true });
  writeFileSync(join(application, "dschat/__init__.py"), "");
  for (const [stage, flags] of Object.entries(STAGES)) {
    mkdirSync(join(application, "training", stage), { recursive: true });
    writeFileSync(join(application, "training", stage, "main.py"), programOf(flags));
  }
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", directory, "-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      encoding: "utf8",
    }).trim();
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", "training programs");
  return git("rev-parse", "HEAD");
}

function programOf(flags: FlagTable): string {
  const lines = Object.entries(flags).map(([name, flag]) => {
    const options = {
      int: "type=int",
      float: "type=float",
      str: "type=str",
      list: "nargs='*'",
      switch: "action='store_true'",
    }[flag.kind];
    return `    parser.add_argument('--${name}', ${options}${flag.isRequired ? ", required=True" : ""})`;
  });
  return `import argparse\n\n\ndef parse_args():\n    parser = argparse.ArgumentParser()\n${lines.join("\n")}\n    return parser.parse_args()\n`;
}
