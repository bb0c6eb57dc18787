import { describe, expect, test } from "vitest";
import { DEFAULT_PROMPTS, type RunModels } from "@/server/contracts/evaluations";
import { askedModels, EvaluationDraft, newEvaluationDraft, toInput, withModel } from "./evaluation-draft";

const RUN_ID = "5f0c1f3e-8d1f-4c57-9a51-1c1f3b1b7a01";
const model = (key: RunModels["models"][number]["key"], problem: string | null = null) => ({
  key,
  label: key,
  path: problem === null ? `/models/${key}` : null,
  problem,
});
const run: RunModels = {
  models: [model("baseline"), model("sft"), model("actor", "PPO has not succeeded.")],
  hasRewardModel: true,
  isNodeRemoved: false,
};
const draft = () => newEvaluationDraft(RUN_ID, null);

describe("the models that are asked", () => {
  test("are all that the run has, until somebody chooses", () => {
    expect(askedModels(draft(), run)).toEqual(["baseline", "sft"]);
  });

  test("are those chosen, without what another run had and this one has not", () => {
    expect(askedModels({ ...draft(), models: ["sft", "actor"] }, run)).toEqual(["sft"]);
    expect(askedModels(withModel(draft(), run, { key: "baseline", isOn: false }), run)).toEqual(["sft"]);
    const again = withModel({ ...draft(), models: ["sft"] }, run, { key: "baseline", isOn: true });
    expect(askedModels(again, run)).toEqual(["baseline", "sft"]);
  });
});

describe("what is sent", () => {
  test("a fresh form is complete, and a name that nobody gave is left out", () => {
    const { input, problems } = toInput(draft(), run);
    expect(input).toMatchObject({ runId: RUN_ID, prompts: DEFAULT_PROMPTS, models: ["baseline", "sft"] });
    expect(input).not.toHaveProperty("name");
    expect(problems.size).toBe(0);
  });

  test.each([
    ["no run", { runId: null }, "runId", "Choose a run."],
    ["no model", { models: [] }, "models", "Choose at least one model."],
    ["no prompt", { prompts: [] }, "prompts", "Enter at least one prompt."],
    ["an empty prompt", { prompts: ["a", " "] }, "prompts.1", "A prompt is empty."],
    [
      "a prompt without its question",
      { prompts: ["Human:  Assistant:"] },
      "prompts.0",
      "Write the question between Human: and Assistant:",
    ],
  ])("%s is named by its field", (_what, change, path, message) => {
    const { input, problems } = toInput({ ...draft(), ...change }, run);
    expect(input).toBeNull();
    expect([...problems]).toEqual([[path, message]]);
  });

  test.each([
    ["maxNewTokens", Number.NaN, "Enter a number."],
    ["maxNewTokens", 2.5, "Enter a whole number."],
    ["maxNewTokens", 0, "From 1 to 2048."],
    ["topP", 0, "Above 0, at most 1."],
    ["temperature", 6, "From 0 to 5."],
  ])("%s of %d is refused", (name, value, message) => {
    const settings = { ...draft().settings, [name]: value };
    expect([...toInput({ ...draft(), settings }, run).problems]).toEqual([[`settings.${name}`, message]]);
  });
});

test("a number field that was emptied comes back empty from the tab's storage", () => {
  const emptied = { ...draft(), settings: { ...draft().settings, seed: Number.NaN } };
  expect(EvaluationDraft.parse(JSON.parse(JSON.stringify(emptied)))).toEqual(emptied);
});
