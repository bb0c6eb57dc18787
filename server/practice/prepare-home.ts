import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandPlace } from "./ssh/run-command";

const PROGRAMS = {
  "nvidia-smi": "nvidia-smi",
  deepspeed: "deepspeed",
  "trainyard-evaluate": "evaluate",
  "trainyard-preview": "preview",
} as const;

const TRAINING = "DeepSpeedExamples/applications/DeepSpeed-Chat/training";
const DSCHAT = "DeepSpeedExamples/applications/DeepSpeed-Chat/dschat";
const STAGE_DIRECTORIES = [
  "step1_supervised_finetuning",
  "step2_reward_model_finetuning",
  "step3_rlhf_finetuning",
];
const PLACEHOLDER = `# Stands where DeepSpeed-Chat's program stands on a real node.
# On a practice node "deepspeed main.py ..." trains a tiny language model instead, in its own words and files.
raise SystemExit("This is a practice node: run it with deepspeed.")
`;

/**
 * The scratch home and the programs on its PATH. Wrappers are written at every start: they name this installation's bundles.
 * @param programDirectory where the bundled programs are (dist/practice)
 */
export function prepareHome(practiceDirectory: string, programDirectory: string): CommandPlace {
  const home = join(practiceDirectory, "home");
  const bin = join(practiceDirectory, "bin");
  for (const directory of [home, bin, join(practiceDirectory, "run")])
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const [name, bundle] of Object.entries(PROGRAMS)) {
    const words = [process.execPath, join(programDirectory, `${bundle}.mjs`), practiceDirectory];
    writeExecutable(join(bin, name), `#!/bin/sh\nexec ${words.map(quote).join(" ")} "$@"\n`);
  }
  for (const name of STAGE_DIRECTORIES) {
    const directory = join(home, TRAINING, name);
    mkdirSync(directory, { recursive: true });
    if (!existsSync(join(directory, "main.py"))) writeFileSync(join(directory, "main.py"), PLACEHOLDER);
  }
  // Where local data is looked for: beside the dschat folder that comes first on PYTHONPATH.
  mkdirSync(join(home, DSCHAT), { recursive: true });
  return { home, env: environment(home, bin, practiceDirectory) };
}

/** Nothing of our own environment: it may hold secrets. */
function environment(home: string, bin: string, practiceDirectory: string): NodeJS.ProcessEnv {
  return {
    HOME: home,
    USER: "practice",
    LOGNAME: "practice",
    SHELL: "/bin/sh",
    PATH: `${bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    LANG: "C.UTF-8",
    // The data directory may lie in a git checkout that is not this node's business.
    GIT_CEILING_DIRECTORIES: practiceDirectory,
    NODE_ENV: "production",
  };
}

function writeExecutable(file: string, text: string): void {
  // Renamed into place: a shell may be reading the old one.
  writeFileSync(`${file}.new`, text);
  chmodSync(`${file}.new`, 0o755);
  renameSync(`${file}.new`, file);
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
