import { expect, test } from "vitest";
import type { Preset } from "@/server/contracts/recipes";
import { deploymentsOf, gpuNeed, presetsFor } from "./preset-list";

const stage = (gpuCount: number) => ({ fields: {}, env: {}, gpuCount, gpuUuids: [] });
const preset = (
  modelSize: string,
  deployment: string,
  counts: [number, number, number] = [8, 8, 8],
): Preset => ({
  id: `${modelSize}-${deployment}`,
  name: "",
  modelSize,
  deployment,
  description: "",
  scripts: [],
  isPractice: false,
  stages: { sft: stage(counts[0]), reward: stage(counts[1]), ppo: stage(counts[2]) },
});
const PRESETS = [
  preset("13B", "single_node"),
  preset("1.3B", "single_gpu"),
  preset("tiny", "practice"),
  preset("6.7B", "single_node"),
];

test("presets are listed by size, not by spelling", () => {
  const sizes = (deployment: string) => presetsFor(PRESETS, deployment).map(({ modelSize }) => modelSize);
  expect(sizes("all")).toEqual(["tiny", "1.3B", "6.7B", "13B"]);
  expect(sizes("single_node")).toEqual(["6.7B", "13B"]);
});

test("only deployments that have presets are offered", () => {
  expect(deploymentsOf([...PRESETS, preset("1B", "moon")]).map(({ label }) => label)).toEqual([
    "Practice",
    "One GPU",
    "One node",
    "moon",
  ]);
});

test.each<[[number, number, number], string, number]>([
  [[8, 8, 8], "8 GPUs", 8],
  [[1, 1, 1], "1 GPU", 1],
  [[1, 1, 2], "1 / 1 / 2 GPUs", 2],
])("%j GPUs are written %s", (counts, text, most) =>
  expect(gpuNeed(preset("1B", "single_node", counts))).toEqual({ text, most }),
);
