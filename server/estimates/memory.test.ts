import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MODELS } from "../recipes/deepspeed-chat/models";
import {
  largestBatchOnTwoA30,
  largestModelChecks,
  memoryChecks,
  otherSettingsOnOneGpu,
} from "../testing/memory-checks";
import {
  estimateMemory,
  largestBatch,
  type PpoSetting,
  type Setting,
  type SingleSetting,
  type Training,
} from "./memory";
import { hasFusedAttention } from "./settings";

describe("against what was measured", () => {
  it("is within 5 % of each figure", () => {
    for (const { what, measured, estimated } of memoryChecks()) {
      expect(Math.abs(estimated / measured - 1), what).toBeLessThan(0.05);
    }
  });

  it("fits batch 4 on two A30, not batch 8", () => {
    expect(largestBatchOnTwoA30()).toBe(4);
  });

  it("names the largest model that each single GPU trains", () => {
    for (const { gpu, published, estimated } of largestModelChecks()) expect(estimated, gpu).toBe(published);
  });

  it("is what docs/estimates.md says", () => {
    const page = readFileSync("docs/estimates.md", "utf8");
    for (const { what, measured, estimated } of memoryChecks()) {
      const error = ((estimated / measured - 1) * 100).toFixed(1).replace("-", "−");
      const sign = estimated > measured ? "+" : "";
      expect(page).toContain(
        `| ${what} | ${measured.toFixed(2)} | ${estimated.toFixed(2)} | ${sign}${error} % |`,
      );
    }
    for (const { gpu, published, estimated, needsGiB, nextNeedsGiB } of largestModelChecks()) {
      const row = [gpu, published, estimated, needsGiB.toFixed(1), nextNeedsGiB.toFixed(1)].join(" | ");
      expect(page).toContain(`| ${row} |`);
    }
    const { withoutOffload, batchOne } = otherSettingsOnOneGpu();
    expect(page).toContain(`OPT-6.7B needs ${withoutOffload.toFixed(1)} GiB`);
    expect(page).toContain(`with batch 1 it needs ${batchOne.toFixed(1)} GiB`);
  });
});

/** mulberry32: the same thousand settings every time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function settings(count: number): Setting[] {
  const random = generator(20_261_124);
  const among = <T>(values: readonly [T, ...T[]]): T =>
    values[Math.floor(random() * values.length)] ?? values[0];
  const flip = () => random() < 0.5;
  const training = (): Training => ({
    model: MODELS[Math.floor(random() * MODELS.length)] ?? MODELS[0] ?? fail(),
    zeroStage: among([0, 1, 2, 3]),
    isOffloaded: flip(),
    dtype: among(["fp16", "bf16"]),
    loraRank: among([0, 8, 128]),
    isOnlyLora: flip(),
    hasCheckpointing: flip(),
    hasFusedAttention: flip(),
  });
  return Array.from({ length: count }, (): Setting => {
    const gpuCount = among([1, 2, 3, 8, 64]);
    const single: SingleSetting = {
      ...{ kind: among(["sft", "reward"]), training: training(), gpuCount },
      ...{ batch: among([1, 4, 16]), sequence: among([32, 512, 2048]) },
    };
    const ppo: PpoSetting = {
      ...{ kind: "ppo", actor: training(), critic: training(), gpuCount },
      ...{ generationBatch: among([1, 4, 16]), trainingBatch: among([1, 4, 16]) },
      ...{ promptLength: among([16, 256]), answerLength: among([16, 256]) },
      ...{ hasHybridEngine: flip(), hasEma: flip(), isReferenceOffloaded: flip() },
    };
    return flip() ? single : ppo;
  });
}

function fail(): never {
  throw new Error("the catalogue is empty");
}

function changed(setting: Setting, change: Partial<Training>): Setting {
  return setting.kind === "ppo"
    ? { ...setting, actor: { ...setting.actor, ...change }, critic: { ...setting.critic, ...change } }
    : { ...setting, training: { ...setting.training, ...change } };
}

function withoutTraining(setting: Setting, change: Partial<PpoSetting>): Setting {
  return setting.kind === "ppo" ? { ...setting, ...change } : setting;
}

describe("fused attention", () => {
  it.each([
    ["OPT-1.3B", "4.57.6", true],
    ["OPT-1.3B", "5.23.0", true],
    ["OPT-1.3B", "4.49.0", false],
    ["OPT-1.3B", null, false],
    ["Llama-2-7B", "4.50.1", true],
    ["BLOOM-560M", "5.23.0", false],
    ["GPT-2-124M", "5.23.0", false],
  ])("of %s with transformers %s: %s", (name, transformers, isFused) => {
    const model = MODELS.find((one) => one.name === name) ?? fail();
    expect(hasFusedAttention(model, transformers)).toBe(isFused);
  });

  it("takes the matrix of each head away, and no more", () => {
    const model = MODELS.find(({ name }) => name === "OPT-1.3B") ?? fail();
    const training: Training = {
      ...{ model, zeroStage: 2, isOffloaded: false, dtype: "fp16", loraRank: 0, isOnlyLora: false },
      ...{ hasCheckpointing: false, hasFusedAttention: false },
    };
    const needs = (hasFusedAttention: boolean) =>
      estimateMemory({
        ...{
          kind: "sft",
          training: { ...training, hasFusedAttention },
          gpuCount: 2,
          batch: 4,
          sequence: 512,
        },
      }).parts.activations;
    const matrices = (4 * 512 * 24 * 32 * (6 * 512 - 4)) / 1024 ** 3;
    expect(needs(false) - needs(true)).toBeCloseTo(1.08 * matrices);
  });
});

describe("whatever the setting", () => {
  const all = settings(2000);
  const need = (setting: Setting) => estimateMemory(setting).totalGiB;
  /** `less` never needs more than `more`; a rounding error in the sum is none. */
  const never = (rule: (setting: Setting) => { less: Setting; more: Setting }) => {
    for (const setting of all) {
      const { less, more } = rule(setting);
      expect(need(less), JSON.stringify({ less, more })).toBeLessThanOrEqual(need(more) + 1e-9);
    }
  };

  it("more GPUs never need more on each", () =>
    never((s) => ({ less: { ...s, gpuCount: s.gpuCount * 2 }, more: s })));
  it("offload never needs more", () =>
    never((s) => ({ less: changed(s, { isOffloaded: true }), more: changed(s, { isOffloaded: false }) })));
  it("an offloaded reference model never needs more", () =>
    never((s) => ({
      less: withoutTraining(s, { isReferenceOffloaded: true }),
      more: withoutTraining(s, { isReferenceOffloaded: false }),
    })));
  it("checkpointing never needs more", () =>
    never((s) => ({
      less: changed(s, { hasCheckpointing: true }),
      more: changed(s, { hasCheckpointing: false }),
    })));
  it("fused attention never needs more", () =>
    never((s) => ({
      less: changed(s, { hasFusedAttention: true }),
      more: changed(s, { hasFusedAttention: false }),
    })));
  it("ZeRO 2 never needs more than ZeRO 1", () =>
    never((s) => ({ less: changed(s, { zeroStage: 2 }), more: changed(s, { zeroStage: 1 }) })));
  it("training LoRA alone never needs more than training the rest too", () =>
    never((s) => ({
      less: changed(s, { loraRank: 8, isOnlyLora: true }),
      more: changed(s, { loraRank: 8, isOnlyLora: false }),
    })));
  it("no EMA never needs more", () =>
    never((s) => ({
      less: withoutTraining(s, { hasEma: false }),
      more: withoutTraining(s, { hasEma: true }),
    })));
  it("half the batch never needs more", () =>
    never((s) =>
      s.kind === "ppo"
        ? {
            less: s,
            more: { ...s, trainingBatch: 2 * s.trainingBatch, generationBatch: 2 * s.generationBatch },
          }
        : { less: s, more: { ...s, batch: 2 * s.batch } },
    ));

  it("the parts make up the total, and none is negative", () => {
    for (const setting of all) {
      const { parts, totalGiB } = estimateMemory(setting);
      expect(Math.min(...Object.values(parts))).toBeGreaterThanOrEqual(0);
      expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(totalGiB, 9);
    }
  });

  it("the largest batch fits and the next one does not", () => {
    for (const setting of all) {
      const batch = largestBatch(setting, 40, 64);
      const at = (size: number) =>
        need(
          setting.kind === "ppo"
            ? { ...setting, generationBatch: size, trainingBatch: size }
            : { ...setting, batch: size },
        );
      if (batch > 0) expect(at(batch)).toBeLessThanOrEqual(40);
      if (batch < 64) expect(at(batch + 1)).toBeGreaterThan(40);
    }
  });
});
