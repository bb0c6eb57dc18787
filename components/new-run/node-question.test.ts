import { expect, it } from "vitest";
import type { RunParameters } from "@/server/contracts/runs";
import { nodeQuestion } from "./node-question";

const NODE = { id: "5f0c1f3e-8d1f-4c57-9a51-1c1f3b1b7a01", status: "online" } as const;

function parametersWith(
  change: (sft: RunParameters["stages"]["sft"], all: RunParameters) => void,
): RunParameters {
  const stage = () => ({
    fields: { model_name_or_path: "facebook/opt-1.3b", learning_rate: 1e-5 },
    env: {},
    gpuCount: 1,
    gpuUuids: [],
  });
  const parameters: RunParameters = {
    presetId: null,
    stages: { sft: stage(), reward: stage(), ppo: stage() },
    evaluation: {
      isEnabled: true,
      prompts: ["Hello?"],
      settings: { maxNewTokens: 20, temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1, seed: 1 },
    },
  };
  change(parameters.stages.sft, parameters);
  return parameters;
}
const ask = (change: Parameters<typeof parametersWith>[0]) => nodeQuestion(NODE, parametersWith(change));
const BEFORE = ask(() => {});

it.each<[string, Parameters<typeof parametersWith>[0]]>([
  ["a model", (sft) => Object.assign(sft.fields, { model_name_or_path: "/models/opt" })],
  ["data", (sft) => Object.assign(sft.fields, { data_path: ["/data/rows"] })],
  ["a variable", (sft) => Object.assign(sft.env, { HF_HOME: "/big" })],
  ["chosen GPUs", (sft) => Object.assign(sft, { gpuUuids: ["GPU-1"] })],
  ["how many GPUs", (sft) => Object.assign(sft, { gpuCount: 2 })],
])("%s changes the question", (_what, change) => {
  expect(ask(change)).not.toBe(BEFORE);
});

it("another node is another question, and so is one that comes back", () => {
  const same = parametersWith(() => {});
  expect(nodeQuestion({ ...NODE, id: "5f0c1f3e-8d1f-4c57-9a51-1c1f3b1b7a02" }, same)).not.toBe(BEFORE);
  expect(nodeQuestion({ ...NODE, status: "unreachable" }, same)).not.toBe(BEFORE);
});

it.each<[string, Parameters<typeof parametersWith>[0]]>([
  ["a learning rate", (sft) => Object.assign(sft.fields, { learning_rate: 1e-4 })],
  ["a prompt", (_sft, all) => all.evaluation.prompts.push("More?")],
  ["the preset's name", (_sft, all) => Object.assign(all, { presetId: "other" })],
])("%s asks nothing new", (_what, change) => {
  expect(ask(change)).toBe(BEFORE);
});
