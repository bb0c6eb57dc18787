import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createTrainingLog } from "../output/log";
import { parseArguments } from "../training/argument-parser";
import { PPO_FLAGS, REWARD_FLAGS, SFT_FLAGS } from "../training/flags";
import { trainPpo } from "../training/ppo";
import { trainReward } from "../training/reward";
import { trainSft } from "../training/sft";
import type { StageContext } from "../training/stage-context";

const temporary: string[] = [];
afterAll(() => {
  for (const directory of temporary) rmSync(directory, { recursive: true, force: true });
});

/** Gone at the end of the test file. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "practice-train-"));
  temporary.push(directory);
  return directory;
}

/** Runs stages inside the test, with what they print in `text()`. */
export function createTrainingBench(directory: string) {
  let text = "";
  const log = createTrainingLog((part) => {
    text += part;
  });
  const device = { holdTokens: () => {}, memory: () => ({ allocatedMiB: 600, peakMiB: 900 }) };
  const context = (worldSize: number): StageContext => ({ log, worldSize, device, pythonPath: "" });
  const shared = ["--data_output_path", join(directory, "data"), "--max_seq_len", "96"];
  const withModel = [...shared, "--model_name_or_path", "practice/tiny-lm"];
  return {
    text: () => text,
    sft: (argv: string[], worldSize = 1) =>
      trainSft(parseArguments(SFT_FLAGS, [...withModel, ...argv]), context(worldSize)),
    reward: (argv: string[], worldSize = 1) =>
      trainReward(parseArguments(REWARD_FLAGS, [...withModel, ...argv]), context(worldSize)),
    ppo: (argv: string[], worldSize = 1) =>
      trainPpo(parseArguments(PPO_FLAGS, [...shared.slice(0, 2), ...argv]), context(worldSize)),
  };
}
