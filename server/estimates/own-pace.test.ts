import { describe, expect, it } from "vitest";
import { type FinishedStage, ownPace } from "./own-pace";

const work = { samples: 1000, epochs: 2, length: 512, dataKey: "a" };
const done = (changes: Partial<FinishedStage> = {}): FinishedStage => ({
  ...{ stage: "sft", modelName: "facebook/opt-1.3b", gpuCount: 2, seconds: 600, work },
  ...changes,
});
const wanted = { stage: "sft", modelName: "facebook/opt-1.3b", gpuCount: 2, work } as const;

describe("the pace of our own runs", () => {
  it.each([
    ["the same stage again", wanted, 600],
    ["twice the GPUs", { ...wanted, gpuCount: 4 }, 300],
    ["half the epochs", { ...wanted, work: { ...work, epochs: 1 } }, 300],
    ["other data, three times as large", { ...wanted, work: { ...work, samples: 3000, dataKey: "b" } }, 1800],
  ])("%s", (_what, asked, seconds) => {
    expect(ownPace([done()], asked)?.seconds).toBeCloseTo(seconds);
  });

  it("is the median, so one odd run does not count", () => {
    const runs = [done({ seconds: 580 }), done({ seconds: 9000 }), done({ seconds: 600 })];
    expect(ownPace(runs, wanted)).toEqual({ seconds: 600, runCount: 3 });
  });

  it.each([
    ["another model", [done({ modelName: "facebook/opt-6.7b" })]],
    ["another stage", [done({ stage: "reward" })]],
    ["other data of unknown size", [done({ work: { ...work, samples: null, dataKey: "b" } })]],
    ["nothing", []],
  ])("tells nothing from %s", (_what, runs) => {
    expect(ownPace(runs, wanted)).toBeNull();
  });
});
