import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listPresets } from "../server/recipes";
import { run } from "../server/testing/processes";
import { startSshd, type TestSshd } from "../server/testing/sshd";

export const GPU_COUNT = 8;
export const gpuUuid = (index: number): string => `GPU-00000000-0000-4000-8000-0000000000a${index}`;

/** A real sshd whose user has an nvidia-smi and a deepspeed of the bench, and the names of models and data in the hub's caches. */
export interface BenchNode {
  sshd: TestSshd;
  virtualEnvironment: string;
  /** When each reading was printed, oldest first, and the utilisation that it says. Unix milliseconds. */
  printed: () => { value: number; at: number }[];
  /** Trainings that have started, oldest first. Unix milliseconds. */
  starts: () => TrainingStart[];
  /** From now on a training stays until the node goes, instead of failing at once. */
  keepTrainings: () => void;
  stop: () => Promise<void>;
}
export interface TrainingStart {
  at: number;
  tensorboardPath: string;
  outputDirectory: string;
}

/** Prints every `readingMs`, whatever it is asked for, a utilisation that counts up to 99 and starts anew. */
const nvidiaSmi = (directory: string, readingMs: number) => `#!${process.execPath}
const fs = require("node:fs");
const words = process.argv.slice(2);
const uuids = ${JSON.stringify(Array.from({ length: GPU_COUNT }, (_, index) => gpuUuid(index)))};
const query = words.find((word) => word.startsWith("--query-gpu="))?.slice(12).split(",");
if (words.includes("-L")) for (const [n, uuid] of uuids.entries()) console.log("GPU " + n + ": Bench GPU (UUID: " + uuid + ")");
if (query === undefined) process.exit(0);
const known = { count: uuids.length, name: "Bench GPU", "memory.total": 24576, "memory.used": 10, pstate: "P0" };
const row = (n, value) => query.map((name) => ({ index: n, uuid: uuids[n], "utilization.gpu": value, ...known })[name] ?? 40).join(", ");
const print = (value) => process.stdout.write(uuids.map((_, n) => row(n, value) + "\\n").join(""));
if (!words.includes("-lms")) {
  print(0);
  process.exit(0);
}
setInterval(() => {
  const value = Math.round(Date.now() / ${readingMs}) % 100;
  fs.appendFileSync("${directory}/printed", value + " " + Date.now() + "\\n");
  print(value);
}, ${readingMs});
`;

/** Says that it runs before it does anything else. */
const deepspeed = (directory: string) => `#!/bin/sh
at=$(date +%s%N)
for word; do
  [ "$previous" = --tensorboard_path ] && events=$word
  [ "$previous" = --output_dir ] && output=$word
  previous=$word
done
mkdir -p "$events" "$output"
echo "$at|$events|$output" >${directory}/start.$$
[ -e ${directory}/keep ] || exit 1
exec sleep 3600
`;

export async function startBenchNode({ readingMs }: { readingMs: number }): Promise<BenchNode> {
  // The path of the programs is known before the home is: it stands in the home's own .bashrc.
  const sshd = await startSshd({ bashrc: 'export PATH="$HOME/bench/bin:$PATH"\n' });
  const directory = join(sshd.homeDirectory, "bench");
  const steps = ["step1_supervised_finetuning", "step2_reward_model_finetuning", "step3_rlhf_finetuning"];
  const training = join(sshd.homeDirectory, "DeepSpeedExamples/applications/DeepSpeed-Chat/training");
  for (const step of steps) mkdirSync(join(training, step), { recursive: true });
  mkdirSync(join(directory, "bin"), { recursive: true });
  writeProgram(join(directory, "bin/nvidia-smi"), nvidiaSmi(directory, readingMs));
  writeProgram(join(directory, "bin/deepspeed"), deepspeed(directory));
  fillCaches(join(sshd.homeDirectory, ".cache/huggingface"));
  if (process.getuid?.() === 0) run("chown", ["-R", sshd.username, sshd.homeDirectory]);
  return {
    sshd,
    virtualEnvironment: directory,
    printed: () =>
      linesOf(join(directory, "printed")).map((line) => {
        const [value, at] = line.split(" ").map(Number);
        return { value: value ?? Number.NaN, at: at ?? Number.NaN };
      }),
    starts: () => startsIn(directory),
    keepTrainings: () => writeFileSync(join(directory, "keep"), ""),
    stop: async () => {
      await sshd.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** What the presets name is there, as far as anybody looks before a start: nothing has to be downloaded. */
function fillCaches(cache: string): void {
  const stages = listPresets("deepspeed-chat").flatMap(({ stages }) => [
    stages.sft,
    stages.reward,
    stages.ppo,
  ]);
  const write = (path: string) => {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, "{}");
  };
  for (const { fields } of stages) {
    const { model_name_or_path: model, data_path: data } = fields;
    if (typeof model === "string") {
      const folder = join(cache, "hub", `models--${model.replaceAll("/", "--")}`);
      for (const file of ["config.json", "model.safetensors", "tokenizer.json"])
        write(join(folder, "snapshots/bench", file));
      mkdirSync(join(folder, "refs"), { recursive: true });
      writeFileSync(join(folder, "refs/main"), "bench");
    }
    for (const name of Array.isArray(data) ? data : [])
      write(join(cache, "datasets", name.replace("/", "___"), "default/0.0.0/bench/dataset_info.json"));
  }
}

function writeProgram(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

function linesOf(path: string): string[] {
  return readFileSync(path, "utf8").split("\n").slice(0, -1);
}

function startsIn(directory: string): TrainingStart[] {
  return readdirSync(directory)
    .filter((name) => name.startsWith("start."))
    .flatMap((name) => linesOf(join(directory, name)))
    .map((line) => {
      const [at = "", tensorboardPath = "", outputDirectory = ""] = line.split("|");
      return { at: Number(at) / 1e6, tensorboardPath, outputDirectory };
    })
    .sort((one, other) => one.at - other.at);
}
