import { describe, expect, test } from "vitest";
import type { Preset, RecipeField, RecipeView } from "@/server/contracts/recipes";
import { newDraft, toParameters, withField, withFix, withNode, withPreset, withStage } from "./draft";

const stage = (fields: Record<string, number>) => ({ fields, env: {}, gpuCount: 1, gpuUuids: [] });
const preset = (id: string, learningRate: number): Preset => ({
  id,
  name: `Preset ${id}`,
  modelSize: "1.3b",
  deployment: "single_node",
  description: "",
  scripts: [],
  isPractice: false,
  stages: {
    sft: stage({ learning_rate: learningRate }),
    reward: stage({}),
    ppo: stage({}),
  },
});
const first = preset("a", 1e-3);
const draft = () => newDraft({ node: null, preset: first, clone: null, idempotencyKey: "key-0001" });

const field = (name: string, type: RecipeField["type"]): RecipeField => ({
  name,
  flag: `--${name}`,
  type,
  default: null,
  isRequired: false,
  group: "basic",
  section: "Optimizer",
  label: name,
  help: "",
});
const recipe: RecipeView = {
  id: "deepspeed-chat",
  name: "",
  description: "",
  source: "",
  stages: [{ kind: "sft", label: "", fields: [field("learning_rate", "float"), field("dtype", "string")] }],
  checkout: null,
  knownDataSets: [],
};

describe("what is sent", () => {
  test.each([
    ["9.65e-6", 9.65e-6],
    [" 0.001 ", 0.001],
    ["fast", "fast"],
    ["1e-", "1e-"],
  ])("a typed learning rate %j becomes %j", (typed, sent) => {
    const parameters = toParameters(withField(draft(), "sft", "learning_rate", typed), recipe);
    expect(parameters.stages.sft.fields.learning_rate).toBe(sent);
  });

  test("an emptied field is left out, so that the program's default holds", () => {
    const parameters = toParameters(withField(draft(), "sft", "learning_rate", ""), recipe);
    expect(parameters.stages.sft.fields).toEqual({});
  });

  test("text that looks like a number stays text in a text field", () => {
    const parameters = toParameters(withField(draft(), "sft", "dtype", "16"), recipe);
    expect(parameters.stages.sft.fields.dtype).toBe("16");
  });
});

test("another preset replaces the fields and a name that nobody changed", () => {
  const second = preset("b", 5e-5);
  const presets = [first, second];
  expect(withPreset(draft(), second, presets)).toMatchObject({
    name: "Preset b",
    parameters: { presetId: "b", stages: { sft: { fields: { learning_rate: 5e-5 } } } },
  });
  expect(withPreset({ ...draft(), name: "mine" }, second, presets).name).toBe("mine");
});

test("a fix changes the fields and the GPUs that it names, and nothing else", () => {
  const changes = [
    { path: "stages.ppo.fields.ppo_epochs", value: 1 },
    { path: "stages.sft.gpuCount", value: 2 },
    { path: "somewhere.else", value: 3 },
  ];
  const { stages } = withFix(draft(), changes).parameters;
  const before = draft().parameters.stages;
  expect(stages.ppo).toEqual({ ...before.ppo, fields: { ...before.ppo.fields, ppo_epochs: 1 } });
  expect(stages.sft).toEqual({ ...before.sft, gpuCount: 2 });
  expect(stages.reward).toEqual(before.reward);
});

test("a fix that leaves a field out takes it away", () => {
  const leaveOut = [{ path: "stages.sft.fields.learning_rate", value: null }];
  expect(withFix(draft(), leaveOut).parameters.stages.sft.fields).not.toHaveProperty("learning_rate");
});

test("another node has other GPUs: chosen ones become as many of any", () => {
  const pinned = withStage(draft(), "ppo", { gpuCount: 2, gpuUuids: ["GPU-a", "GPU-b"] });
  const moved = withNode(pinned, "other");
  expect(moved.nodeId).toBe("other");
  expect(moved.parameters.stages.ppo).toMatchObject({ gpuCount: 2, gpuUuids: [] });
  expect(moved.parameters.stages.sft).toEqual(pinned.parameters.stages.sft);
});
