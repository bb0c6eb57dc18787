import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_PROMPTS } from "../../contracts/evaluations";
import { parseTrainLog } from "../../scalars";
import { type LoadedModel, loadModel, readCheckpoint } from "../model/checkpoint";
import { generate } from "../model/generate";
import { createRandom } from "../model/random";
import { createTrainingBench, temporaryDirectory } from "../testing/train";
import { ExperienceMaker } from "./experience";
import { mean } from "./stage-context";

const directory = temporaryDirectory();
const path = (name: string) => join(directory, name);
const SPLIT = ["--data_split", "4,3,3", "--seed", "1234"];
const bench = createTrainingBench(directory);

/** The practice preset's numbers, fewer epochs. */
function trainSft(dataSet: string, name: string, epochs: number): void {
  const argv = [
    "--data_path",
    dataSet,
    ...SPLIT,
    "--per_device_train_batch_size",
    "8",
    "--num_warmup_steps",
    "10",
  ];
  bench.sft([
    ...argv,
    "--learning_rate",
    "2e-2",
    "--num_train_epochs",
    String(epochs),
    "--output_dir",
    path(name),
  ]);
}

function answers(model: LoadedModel, temperature: number): string[] {
  const settings = { temperature, topP: 1, topK: 0, repetitionPenalty: 1, maxNewTokens: 60 };
  return DEFAULT_PROMPTS.map((prompt, i) =>
    model.tokenizer.decode(
      generate(model.parameters, model.tokenizer, model.tokenizer.encode(prompt), {
        settings,
        random: createRandom(i),
      }),
    ),
  );
}

let accuracies: number[];
let rewards: number[];

beforeAll(() => {
  trainSft("practice/helpful", "sft", 5);
  const reward = ["--data_path", "practice/helpful", ...SPLIT, "--per_device_train_batch_size", "8"];
  accuracies = bench.reward([
    ...reward,
    "--learning_rate",
    "5e-3",
    "--num_train_epochs",
    "3",
    "--output_dir",
    path("reward"),
  ]).accuracies;
  const ppo = [
    "--data_path",
    "practice/helpful",
    ...SPLIT,
    "--max_prompt_seq_len",
    "48",
    "--max_answer_seq_len",
    "48",
  ];
  rewards = bench.ppo([
    ...ppo,
    ...["--actor_model_name_or_path", path("sft"), "--critic_model_name_or_path", path("reward")],
    ...[
      "--per_device_generation_batch_size",
      "8",
      "--per_device_training_batch_size",
      "8",
      "--num_warmup_steps",
      "5",
    ],
    ...["--actor_learning_rate", "1.2e-3", "--critic_learning_rate", "3e-3", "--num_train_epochs", "2"],
    ...[
      "--enable_ema",
      "--enable_tensorboard",
      "--tensorboard_path",
      path("ppo/tb"),
      "--output_dir",
      path("ppo"),
    ],
  ]).rewards;
}, 120_000);

describe("the three stages", () => {
  it("teach the reward model to prefer what people chose", () => {
    expect(accuracies[0]).toBeLessThan(0.7);
    expect(accuracies[accuracies.length - 1]).toBeGreaterThan(0.78);
  });

  it("raise the mean reward over the sft model's by ppo", () => {
    const sft = readCheckpoint(path("sft"));
    const reward = readCheckpoint(path("reward")).parameters;
    const maker = new ExperienceMaker({ reference: sft.parameters, reward }, sft.tokenizer);
    const prompts = DEFAULT_PROMPTS.flatMap((prompt) =>
      Array.from({ length: 8 }, () => sft.tokenizer.encode(prompt)),
    );
    const meanReward = (name: string) => {
      const actor = readCheckpoint(path(name)).parameters;
      const samples = maker.sample(actor, prompts, 48, createRandom(3));
      return mean(maker.make({ actor, critic: reward }, samples).map((experience) => experience.reward));
    };
    expect(meanReward("ppo/actor")).toBeGreaterThan(meanReward("sft") + 0.3);
    expect(meanReward("ppo/actor_ema")).toBeGreaterThan(meanReward("sft"));
    expect(mean(rewards.slice(-10))).toBeGreaterThan(mean(rewards.slice(0, 5)) + 0.3);
  });

  it("answer differently: babble before, sentences on the subject after", () => {
    const baseline = answers(loadModel("practice/tiny-lm"), 0);
    const sft = answers(readCheckpoint(path("sft")), 0);
    const onSubject = [/Microsoft|company/, /moon|rocket/, /frog/, /1955/, /telescope/i, /[Bb]irds/];
    const hits = (texts: string[]) =>
      texts.filter((text, i) => onSubject[i]?.test(text) && /[.!,]/.test(text)).length;
    expect(hits(sft)).toBeGreaterThanOrEqual(5);
    expect(hits(baseline)).toBeLessThanOrEqual(1);
    expect(answers(readCheckpoint(path("ppo/actor")), 0)).not.toEqual(sft);
  });

  it("answer by their data set", () => {
    trainSft("practice/concise", "concise", 3);
    const words = (texts: string[]) => mean(texts.map((text) => text.split(" ").length));
    const concise = answers(readCheckpoint(path("concise")), 0);
    const helpful = answers(readCheckpoint(path("sft")), 0);
    expect(concise).not.toEqual(helpful);
    expect(words(concise)).toBeLessThan(words(helpful));
  });

  it("answer by how long they were trained", () => {
    trainSft("practice/helpful", "short", 1);
    expect(answers(readCheckpoint(path("short")), 0)).not.toEqual(answers(readCheckpoint(path("sft")), 0));
  });

  it("print ppo's lines so that the log parser reads reward and losses of every batch", () => {
    const text = bench.text();
    const ppo = text.slice(text.lastIndexOf("***** Running training (total_iters="));
    const { scalars } = parseTrainLog(null, { bytes: Buffer.from(ppo), offset: 0 });
    for (const tag of [
      "ppo/reward",
      "ppo/reward_ema",
      "ppo/actor_loss",
      "ppo/critic_loss",
      "perf/generate_seconds",
    ]) {
      expect(scalars.filter((scalar) => scalar.tag === tag).length, tag).toBe(rewards.length);
    }
    const printed = scalars.filter((scalar) => scalar.tag === "ppo/reward").map((scalar) => scalar.value);
    expect(printed).toEqual(rewards);
  });
});
