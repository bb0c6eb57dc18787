import { describe, expect, it } from "vitest";
import { modelBillions, modelFamily, paddingAtBeginning } from "./model-family";

describe("a model's name", () => {
  it.each([
    ["facebook/opt-1.3b", "OPT", 1.3, 1],
    ["facebook/opt-350m", "OPT", 0.35, 1],
    ["AdamG012/chat-opt-1.3b-sft-deepspeed", "OPT", 1.3, 1],
    ["meta-llama/Llama-2-7b-hf", "Llama", 7, 0],
    ["bigscience/bloom-1b1", "BLOOM", 1.1, 0],
    ["sberbank-ai/mGPT", "GPT", null, 0],
    ["practice/tiny-lm", "practice", null, 0],
    ["/data/checkpoints/my-model", null, null, null],
    ["/data/optimised/step-3", null, null, null],
  ])("%s", (name, family, billions, padding) => {
    expect(modelFamily(name)).toBe(family);
    expect(modelBillions(name)).toBe(billions);
    expect(paddingAtBeginning(name)).toBe(padding);
  });
});
