import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EvaluationLine } from "../../contracts/evaluations";
import { parsePreview } from "../../datasets/parse-preview";
import { FIRST_QUERY, parseComputeApp, parseGpuList, parseGpuRow } from "../../telemetry";
import { findCapture } from "../../testing/captures";
import { DATA_SETS } from "../data/data-sets";
import { prepareHome } from "../prepare-home";
import { buildPrograms, waitUntil } from "../testing/practice-client";
import { createTrainingBench, temporaryDirectory } from "../testing/train";

const directory = temporaryDirectory();
const practiceDirectory = join(directory, "practice");
const TRAINING = "DeepSpeedExamples/applications/DeepSpeed-Chat/training";
let home: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  ({ home, env } = prepareHome(practiceDirectory, await buildPrograms(directory)));
});

interface Run {
  code: number | null;
  signal: string | null;
  output: string;
}
const running = new Set<number>();
afterAll(() => {
  for (const pid of running) process.kill(pid, "SIGKILL");
});

function start(command: string, cwd = home) {
  const child = spawn("/bin/sh", ["-c", `exec ${command}`], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const pid = child.pid ?? 0;
  running.add(pid);
  const run: Run = { code: null, signal: null, output: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes: Buffer) => {
      run.output += bytes;
    });
  }
  const ended = new Promise<Run>((resolve) => {
    child.once("close", (code, signal) => {
      running.delete(pid);
      resolve(Object.assign(run, { code, signal }));
    });
  });
  return { child, run, ended };
}
const finish = (command: string, cwd = home) => start(command, cwd).ended;
const stage = (name: string) => join(home, TRAINING, name);
const SFT = "step1_supervised_finetuning";
const MODEL = `--model_name_or_path practice/tiny-lm --data_output_path ${join(directory, "data")}`;

describe("nvidia-smi", () => {
  it("answers the telemetry reader's query in rows that its parser reads", async () => {
    const { output } = await finish(
      `nvidia-smi --query-gpu=${FIRST_QUERY.join(",")} --format=csv,noheader,nounits`,
    );
    const rows = output
      .trim()
      .split("\n")
      .map((line) => parseGpuRow(line, FIRST_QUERY));
    expect(rows).toHaveLength(2);
    expect(rows.map((row) => row?.index)).toEqual([0, 1]);
    for (const row of rows) expect(row).toMatchObject({ name: "Practice GPU (simulated)", count: 2 });
    const listed = parseGpuList((await finish("nvidia-smi -L")).output);
    expect(listed.map((gpu) => gpu.uuid)).toEqual(rows.map((row) => row?.uuid));
  });

  it("gives units and a header unless told not to, and [N/A] for what it does not have", async () => {
    const query = "--query-gpu=index,memory.total,fan.speed,temperature.memory,ecc.mode.current";
    expect((await finish(`nvidia-smi ${query} --format=csv -i 1`)).output).toBe(
      "index, memory.total [MiB], fan.speed [%], temperature.memory, ecc.mode.current\n1, 16384 MiB, 0 %, [N/A], [N/A]\n",
    );
    const { output } = await finish(`nvidia-smi ${query} --format=csv,noheader,nounits -i 0`);
    expect(output).toBe("0, 16384, 0, [N/A], [N/A]\n");
  });

  it("refuses a field that does not exist", async () => {
    const { code, output } = await finish("nvidia-smi --query-gpu=index,bogus --format=csv");
    expect(code).toBe(2);
    expect(output).toContain('Field "bogus" is not a valid field to query.');
  });

  it("draws its table as the real one does", async (context) => {
    const capture = findCapture("nvidia-smi/linux-x86_64__nvidia-l40s__595.80.txt");
    if (capture === null) return context.skip("no captures on this machine");
    const real = readFileSync(capture, "utf8").split("\n");
    const shape = (line: string) => line.replaceAll(/[^|+=-]/g, " ");
    const shapes = new Set(real.filter((line) => /^[|+]/.test(line)).map(shape));
    const table = (await finish("nvidia-smi")).output.split("\n").filter((line) => /^[|+]/.test(line));
    expect(table.length).toBeGreaterThan(15);
    for (const line of table)
      expect(
        [...shapes].some((known) => known.length === line.length),
        line,
      ).toBe(true);
    const fixed = table.filter((line) => !/\d|No running/.test(line));
    for (const line of fixed) expect(real, line).toContain(line);
  });

  it("repeats with -lms until its reader goes away", async () => {
    const { child, run, ended } = start("nvidia-smi --query-gpu=index --format=csv,noheader -lms 100");
    await waitUntil(() => run.output.split("\n").length > 6);
    child.stdout.destroy();
    expect((await ended).signal).toBeNull();
  });
});

describe("deepspeed", () => {
  const long = `deepspeed --include localhost:1 --master_port 2950 main.py --data_path practice/mixed ${MODEL} --num_train_epochs 500`;

  it("refuses a flag that the stage does not have, as argparse does", async () => {
    const { code, output } = await finish(
      `deepspeed --num_gpus 1 main.py ${MODEL} --eval_iters 3`,
      stage(SFT),
    );
    expect(code).toBe(2);
    expect(output).toContain("main.py: error: unrecognized arguments: --eval_iters 3");
    expect(output).toContain("exits with return code = 2");
  });

  it.each([
    [
      "an unknown data set",
      `--data_path made/up ${MODEL}`,
      "RuntimeError: We do not have configs for dataset made/up",
    ],
    ["a data set that is not here", MODEL, "DatasetNotFoundError: Dataset 'Dahoas/rm-static'"],
    [
      "a batch too large for the device",
      `--data_path practice/mixed ${MODEL} --per_device_train_batch_size 512`,
      "CUDA out of memory",
    ],
    ["a device that does not exist", "", "No slot '7' specified on host 'localhost'"],
  ])("fails on %s", async (_, argv, message) => {
    const include = argv === "" ? "localhost:7" : "localhost:0";
    const { code, output } = await finish(`deepspeed --include ${include} main.py ${argv}`, stage(SFT));
    expect(code).toBe(1);
    expect(output).toContain(message);
    expect(output).toContain("Traceback (most recent call last):");
  });

  it("fails when ppo's checkpoints are missing", async () => {
    const argv = `--data_path practice/mixed --actor_model_name_or_path practice/tiny-lm --critic_model_name_or_path ${directory}`;
    const { code, output } = await finish(
      `deepspeed --num_gpus 1 main.py ${argv}`,
      stage("step3_rlhf_finetuning"),
    );
    expect(code).toBe(1);
    expect(output).toContain("AssertionError: Cannot find model checkpoint at");
  });

  it("shows on its device while it trains, and is gone when the signal that stops it ends it", async () => {
    const { child, run, ended } = start(long, stage(SFT));
    await waitUntil(() => run.output.includes("Step: 3") || run.output.split("Model Parameters").length > 8);
    const query =
      "nvidia-smi --query-compute-apps=gpu_uuid,pid,used_gpu_memory,process_name --format=csv,noheader,nounits";
    const app = parseComputeApp((await finish(query)).output.trim());
    expect(app?.memoryMiB).toBeGreaterThan(512);
    const use = "nvidia-smi --query-gpu=memory.used,utilization.gpu --format=csv,noheader,nounits";
    const [idle = "", busy = ""] = (await finish(use)).output.trim().split("\n");
    expect(idle).toBe("0, 0");
    expect(Number(busy.split(", ")[0])).toBeGreaterThan(512);
    expect(Number(busy.split(", ")[1])).toBeGreaterThan(0);
    child.kill("SIGTERM");
    const end = await ended;
    expect(end.signal).toBe("SIGTERM");
    expect(end.output).toMatch(/Killing subprocess \d+/);
    expect((await finish(query)).output).toBe("");
    expect(readdirSync(join(practiceDirectory, "run")).filter((name) => name === `${app?.pid}.json`)).toEqual(
      [],
    );
  });

  it("reports a rank that was killed, with the launcher's status", async () => {
    const { run, ended } = start(long, stage(SFT));
    await waitUntil(() => run.output.includes("Beginning of Epoch"));
    process.kill(Number(/process (\d+) spawned/.exec(run.output)?.[1]), "SIGKILL");
    expect(await ended).toMatchObject({ code: 247, signal: null });
    expect(run.output).toContain("exits with return code = -9");
  });
});

describe("trainyard-preview", () => {
  it("shows the rows that training reads, and refuses other names with those it has", async () => {
    const limits = { readAt: "2026-01-01T00:00:00.000Z", interrupted: "interrupted" };
    const { source, parts, failures } = parsePreview(
      (await finish("trainyard-preview practice/concise 3")).output,
      limits,
    );
    expect([source, failures]).toEqual(["practice", []]);
    expect(parts.map(({ part, total, rows }) => [part, total, rows.length])).toEqual([
      ["train", 720, 3],
      ["eval", 288, 3],
    ]);
    const set = DATA_SETS.find(({ name }) => name === "practice/concise");
    expect(parts[0]?.rows[2]).toMatchObject(set?.train[2] ?? {});
    const refused = parsePreview((await finish("trainyard-preview Dahoas/rm-static 3")).output, limits);
    expect(refused.failures).toMatchObject([
      { code: "practice", facts: { known: ["practice/helpful", "practice/concise", "practice/mixed"] } },
    ]);
  });
});

describe("trainyard-evaluate", () => {
  it("writes growing answers, scores and an end", async () => {
    const reward = join(directory, "reward");
    const argv = ["--data_path", "practice/helpful", "--data_split", "5,1,4", "--num_train_epochs", "1"];
    createTrainingBench(directory).reward([...argv, "--output_dir", reward]);
    const request = {
      version: 1,
      prompts: ["Human: Tell me about cats. Assistant:", "Human: How does a compass work? Assistant:"],
      models: [{ key: "baseline", label: "Baseline", path: "practice/tiny-lm" }],
      rewardModel: { path: reward, numPaddingAtBeginning: 0 },
      settings: { maxNewTokens: 20, temperature: 0.8, topP: 0.9, topK: 50, repetitionPenalty: 1.2, seed: 7 },
    };
    const [requestFile, answersFile] = [join(directory, "request.json"), join(directory, "answers.jsonl")];
    writeFileSync(requestFile, JSON.stringify(request));
    expect(await finish(`trainyard-evaluate ${requestFile} ${answersFile}`)).toMatchObject({ code: 0 });
    const lines = readFileSync(answersFile, "utf8")
      .trim()
      .split("\n")
      .map((line) => EvaluationLine.parse(JSON.parse(line)));
    const answers = lines.filter((line) => line.type === "answer");
    expect(answers.filter((line) => !line.isComplete).length).toBeGreaterThan(0);
    const whole = answers.filter((line) => line.isComplete);
    expect(whole.map((line) => line.promptIndex)).toEqual([0, 1]);
    for (const line of whole) expect(line.tokenCount).toBeLessThanOrEqual(20);
    expect(lines.filter((line) => line.type === "score")).toHaveLength(2);
    expect(lines.at(-1)).toEqual({ type: "done" });
  });

  it("says which checkpoint it cannot find", async () => {
    const file = join(directory, "bad.json");
    const models = [{ key: "sft", label: "SFT", path: "/nowhere" }];
    writeFileSync(
      file,
      JSON.stringify({ version: 1, prompts: ["x"], models, rewardModel: null, settings: {} }),
    );
    const { code, output } = await finish(`trainyard-evaluate ${file} ${join(directory, "none.jsonl")}`);
    expect(code).toBe(1);
    expect(output).toContain("/nowhere is not a local folder");
    expect(existsSync(join(directory, "none.jsonl"))).toBe(true);
  });
});
