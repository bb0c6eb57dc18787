import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CANONICAL_TAGS, parseTrainLog, readEventChunk } from "../../scalars";
import { createTrainingBench, temporaryDirectory } from "../testing/train";
import { LossScaleError } from "./loss-scaler";

const BASE = [
  "--data_path",
  "practice/concise",
  "--data_split",
  "1,9,0",
  "--per_device_train_batch_size",
  "8",
];
const RATE = ["--learning_rate", "1.5e-2"];

function train(argv: string[]) {
  const bench = createTrainingBench(temporaryDirectory());
  return { result: bench.sft([...BASE, ...argv]), text: bench.text() };
}

describe("supervised fine-tuning", () => {
  const usual = train([...RATE, "--num_train_epochs", "3", "--seed", "5"]);
  const last = (losses: number[]) => losses[losses.length - 1] ?? Number.NaN;

  it("lowers the evaluation loss with every epoch", () => {
    const losses = usual.result.evaluationLosses;
    expect(losses).toHaveLength(4);
    expect([...losses].sort((a, b) => b - a)).toEqual(losses);
    expect(last(losses)).toBeLessThan(0.75 * (losses[0] ?? 0));
  });

  it("gives equal numbers for equal seeds and others for another", () => {
    expect(train([...RATE, "--num_train_epochs", "3", "--seed", "5"]).result).toEqual(usual.result);
    expect(train([...RATE, "--num_train_epochs", "3", "--seed", "6"]).result).not.toEqual(usual.result);
  });

  it("ends higher with a hundredfold learning rate", () => {
    const { result } = train(["--learning_rate", "1.5", "--num_train_epochs", "3", "--seed", "5"]);
    expect(last(result.evaluationLosses)).toBeGreaterThan(last(usual.result.evaluationLosses) + 1);
  });

  it("takes another course with another number of epochs, and with another data set", () => {
    const short = train([...RATE, "--num_train_epochs", "1", "--seed", "5"]).result;
    expect(short.trainingLosses.length * 3).toBe(usual.result.trainingLosses.length);
    expect(last(short.evaluationLosses)).toBeGreaterThan(last(usual.result.evaluationLosses));
    const bench = createTrainingBench(temporaryDirectory());
    const other = BASE.map((word) => (word === "practice/concise" ? "practice/helpful" : word));
    const helpful = bench.sft([...other, ...RATE, "--num_train_epochs", "1", "--seed", "5"]);
    expect(helpful.trainingLosses.slice(0, 5)).not.toEqual(short.trainingLosses.slice(0, 5));
    expect(last(helpful.evaluationLosses)).not.toBe(last(short.evaluationLosses));
  });

  it("diverges until the loss scale is used up when the learning rate is absurd", () => {
    const bench = createTrainingBench(temporaryDirectory());
    const run = () => bench.sft([...BASE, "--learning_rate", "1e5", "--num_train_epochs", "4"]);
    expect(run).toThrow(LossScaleError);
    expect(bench.text()).toMatch(
      /OVERFLOW! Rank 0 Skipping step\. Attempted loss scale: 65536, but hysteresis is 2/,
    );
    expect(bench.text()).toMatch(/Attempted loss scale: 65536, reducing to 32768/);
  });

  it("accumulates gradients into fewer updates", () => {
    const { text } = train([...RATE, "--num_train_epochs", "3", "--gradient_accumulation_steps", "2"]);
    const steps = [...text.matchAll(/Rank 0\] step=(\d+)/g)].map((match) => Number(match[1]));
    expect(last(steps)).toBe(10 * Math.floor((3 * usual.result.trainingLosses.length) / 3 / 2 / 10));
  });
});

describe("what it writes", () => {
  const directory = temporaryDirectory();
  const bench = createTrainingBench(directory);
  const result = bench.sft(
    [
      ...BASE.slice(0, 4),
      ...RATE,
      "--per_device_train_batch_size",
      "4",
      "--num_train_epochs",
      "2",
      "--print_loss",
    ].concat([
      "--enable_tensorboard",
      "--tensorboard_path",
      directory,
      "--output_dir",
      join(directory, "out"),
    ]),
    2,
  );
  const steps = result.trainingLosses.length;

  it("is read by the log parser as losses, perplexity and speed of every step", () => {
    // The launcher says it before the training starts.
    const text = `[2026-01-01 00:00:00,000] [INFO] [launch.py:180:main] dist_world_size=2\n${bench.text()}`;
    const { scalars } = parseTrainLog(null, { bytes: Buffer.from(text), offset: 0 });
    const of = (tag: string) => scalars.filter((scalar) => scalar.tag === tag).map((scalar) => scalar.value);
    const losses = of("loss");
    expect(losses).toHaveLength(steps);
    losses.forEach((loss, i) => {
      expect(loss).toBeCloseTo(result.trainingLosses[i] ?? 0, 6);
    });
    expect(of("eval/loss")).toEqual(result.evaluationLosses);
    expect(of("eval/perplexity")).toHaveLength(3);
    expect(of("perf/samples_per_second").length).toBeGreaterThan(0);
    for (const { tag } of scalars) expect(CANONICAL_TAGS).toContain(tag);
  });

  it("is an event file with the two tags of DeepSpeed by samples", async () => {
    const events = join(directory, "ds_tensorboard_logs", "step1_model_tensorboard");
    const [name = ""] = readdirSync(events);
    expect(name).toMatch(/^events\.out\.tfevents\.\d+\./);
    const bytes = readFileSync(join(events, name));
    const { state, groups } = await readEventChunk(null, { bytes, offset: 0, path: join(events, name) });
    expect(state.reader).toMatchObject({ offset: bytes.length, corruptRecords: 0 });
    expect(groups.map((group) => group.sourceTag).sort()).toEqual([
      "Train/Samples/loss_scale",
      "Train/Samples/lr",
    ]);
    for (const group of groups) expect(group.length).toBe(steps);
  });

  it("is a checkpoint with weights, configuration and vocabulary", () => {
    expect(readdirSync(join(directory, "out")).sort()).toEqual([
      "config.json",
      "pytorch_model.bin",
      "vocab.json",
    ]);
  });
});
