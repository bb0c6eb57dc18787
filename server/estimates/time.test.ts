import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PUBLISHED_ERROR_SHARE } from "../contracts/estimates";
import { findModel, type Model } from "../recipes/deepspeed-chat/models";
import { HARDWARE, type Hardware } from "./hardware";
import { costOf, PUBLISHED_PPO, PUBLISHED_WORK, publishedSeconds } from "./time";

function modelOf(name: string): Model {
  const model = findModel(name);
  if (model === null) throw new Error(`${name} is no known model`);
  return model;
}
function hardwareOf(name: string): Hardware {
  const hardware = HARDWARE.find((one) => one.name === name);
  if (hardware === undefined) throw new Error(`${name} is no known hardware`);
  return hardware;
}

const ppo = (model: string, gpu: string, gpuCount: number) =>
  publishedSeconds({
    ...{ stage: "ppo", model: modelOf(model), hasCheckpointing: true, hardware: hardwareOf(gpu) },
    ...{ gpuCount, work: PUBLISHED_WORK },
  });

describe("step 3 by published figures", () => {
  it("gives every published figure back, within what the sizes are rounded by", () => {
    for (const { gpu, gpuCount, points } of PUBLISHED_PPO) {
      for (const [billions, seconds] of points) {
        const model = `opt-${billions}b`;
        expect(ppo(model, gpu, gpuCount) / seconds, `${model} on ${gpuCount} × ${gpu}`).toBeCloseTo(1, 1);
      }
    }
  });

  it("lies between its neighbours, and grows with the model", () => {
    expect(ppo("opt-2.7b", "A100 80G", 8)).toBeGreaterThan(ppo("opt-1.3b", "A100 80G", 8));
    expect(ppo("opt-2.7b", "A100 80G", 8)).toBeLessThan(ppo("opt-6.7b", "A100 80G", 8));
    expect(ppo("opt-175b", "A100 80G", 8)).toBeGreaterThan(ppo("opt-66b", "A100 80G", 8));
  });

  it("takes less on more GPUs, and on faster ones", () => {
    expect(ppo("opt-13b", "A100 80G", 16)).toBeLessThan(ppo("opt-13b", "A100 80G", 8));
    expect(ppo("opt-13b", "H100 80G", 8)).toBeLessThan(ppo("opt-13b", "A100 80G", 8));
    expect(ppo("opt-1.3b", "A30 24G", 2)).toBeGreaterThan(ppo("opt-1.3b", "A100 80G", 2));
  });

  it("costs what its authors paid, at the price that follows from their first figure", () => {
    const price = 132 / (4.1 * 8);
    for (const [model, dollars] of [
      ["opt-13b", 290],
      ["opt-30b", 580],
      ["opt-66b", 1620],
    ] as const) {
      expect(costOf(ppo(model, "A100 80G", 8), 8, price) / dollars, model).toBeCloseTo(1, 1);
    }
  });
});

/** Data, epochs and batch behind these are not published: one epoch of the shipped scripts' four sets is taken. */
const STEPS = [
  ["SFT, OPT-13B", "sft", "opt-13b", "A100 40G", 8, 2.5 * 3600, 59_541],
  ["SFT, OPT-66B", "sft", "opt-66b", "A100 80G", 64, 82 * 60, 59_541],
  ["Reward model, OPT-350M", "reward", "opt-350m", "A100 40G", 8, 0.25 * 3600, 119_083],
] as const;

describe("the first two steps", () => {
  it("come as close to published times as forecasts say, and stand in docs/estimates.md as they are", () => {
    const page = readFileSync("docs/estimates.md", "utf8");
    for (const [what, stage, model, gpu, gpuCount, published, samples] of STEPS) {
      const work = { samples, epochs: 1, length: 512 };
      const hasCheckpointing = stage === "sft";
      const seconds = publishedSeconds({
        ...{ stage, model: modelOf(model), hasCheckpointing, hardware: hardwareOf(gpu), gpuCount, work },
      });
      expect(Math.abs(seconds / published - 1), what).toBeLessThan(PUBLISHED_ERROR_SHARE + 0.005);
      const minutes = (value: number) => Math.round(value / 60);
      expect(page).toContain(
        `| ${what}, ${gpuCount} × ${gpu} | ${minutes(published)} | ${minutes(seconds)} |`,
      );
    }
  });
});
