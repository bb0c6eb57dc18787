import { describe, expect, it } from "vitest";
import { type FinishedStage, ownPace } from "./own-pace";

const work = { samples: 1000, epochs: 2, length: 512, dataKey: "a" };
const done = (changes: Partial<FinishedStage> = {}): FinishedStage => ({
  ...{ attemptId: "a", endedAt: new Date(0), fieldsKey: "{}" },
  ...{ stage: "sft", modelName: "facebook/opt-1.3b", gpuCount: 2, seconds: 600, work },
  ...changes,
});
const wanted = { fieldsKey: "{}", stage: "sft", modelName: "facebook/opt-1.3b", gpuCount: 2, work } as const;

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
    expect(ownPace(runs, wanted)).toMatchObject({ seconds: 600, runCount: 3 });
  });

  it("goes by stages with the same settings alone, once there are some", () => {
    const others = [done({ fieldsKey: "other", seconds: 60 }), done({ gpuCount: 8, seconds: 60 })];
    expect(ownPace(others, wanted)).toMatchObject({ runCount: 2, isSameSettings: false });
    expect(ownPace([...others, done({ attemptId: "b" })], wanted)).toEqual({
      ...{ seconds: 600, runCount: 1, isSameSettings: true, attemptIds: ["b"] },
    });
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
