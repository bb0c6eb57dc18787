import { describe, expect, it } from "vitest";
import { findModel, MODELS, parameterCount } from "./models";

describe("the catalogue", () => {
  // sum(p.numel()) of each model built on torch's meta device by transformers 5.23.0.
  it.each([
    ["OPT-125M", 125_239_296],
    ["OPT-350M", 331_196_416],
    ["OPT-1.3B", 1_315_758_080],
    ["OPT-2.7B", 2_651_596_800],
    ["OPT-6.7B", 6_658_473_984],
    ["OPT-13B", 12_853_473_280],
    ["OPT-30B", 29_974_540_288],
    ["OPT-66B", 65_719_701_504],
    ["OPT-175B", 174_604_468_224],
    ["Llama-2-7B", 6_738_415_616],
    ["Llama-2-13B", 13_015_864_320],
    ["Llama-2-70B", 68_976_648_192],
    ["BLOOM-560M", 559_214_592],
    ["BLOOM-1.1B", 1_065_314_304],
    ["BLOOM-1.7B", 1_722_408_960],
    ["BLOOM-3B", 3_002_557_440],
    ["BLOOM-7.1B", 7_069_016_064],
    ["BLOOM-176B", 176_247_271_424],
    ["GPT-2-124M", 124_439_808],
    ["GPT-2-355M", 354_823_168],
    ["GPT-2-774M", 774_030_080],
    ["GPT-2-1.5B", 1_557_611_200],
  ])("counts %s to the last parameter", (name, count) => {
    const model = MODELS.find((one) => one.name === name);
    expect(model && parameterCount(model)).toBe(count);
  });
});

describe("a model by its name", () => {
  it.each([
    ["facebook/opt-1.3b", "OPT-1.3B"],
    ["/models/opt-350m", "OPT-350M"],
    ["meta-llama/Llama-2-7b-hf", "Llama-2-7B"],
    ["bigscience/bloom-1b1", "BLOOM-1.1B"],
    ["bigscience/bloomz-7b1", "BLOOM-7.1B"],
    ["gpt2-xl", "GPT-2-1.5B"],
    ["AdamG012/chat-opt-1.3b-sft-deepspeed", "OPT-1.3B"],
  ])("%s is %s", (name, known) => {
    expect(findModel(name)).toMatchObject({ name: known, isKnown: true });
  });

  it("of an unknown kind has about the size that it says", () => {
    const model = findModel("EleutherAI/pythia-2.8b");
    expect(model).toMatchObject({ name: "pythia-2.8b", isKnown: false });
    expect(model && parameterCount(model) / 2.8e9).toBeCloseTo(1, 1);
  });

  it.each(["practice/tiny", "my-model", "", "distilgpt2"])("%j tells nothing", (name) => {
    expect(findModel(name)).toBeNull();
  });
});
