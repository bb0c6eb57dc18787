import { describe, expect, it } from "vitest";
import type { FieldValue, StageParameters } from "../contracts/recipes";
import { FIELDS } from "./deepspeed-chat/fields";
import { validateStage } from "./validate";

function problemsOf(fields: Record<string, FieldValue>, other: Partial<StageParameters> = {}) {
  const parameters = {
    fields: { model_name_or_path: "m", ...fields },
    env: {},
    gpuCount: 1,
    gpuUuids: [],
    ...other,
  };
  return validateStage(parameters, { fields: FIELDS.sft, path: "stages.sft" });
}

describe("a stage's parameters", () => {
  const refused: [string, FieldValue, RegExp][] = [
    ["learning_rat", 1, /No such parameter/],
    ["learning_rate", "fast", /^Enter a number, such as 0.001\.$/],
    ["learning_rate", Number.NaN, /number/],
    ["learning_rate", -1e-5, /at least 0/],
    ["num_train_epochs", 1.5, /whole/],
    ["num_train_epochs", 0, /at least 1/],
    ["zero_stage", 4, /at most 3/],
    ["dtype", "fp8", /one of fp16, bf16/],
    ["offload", "yes", /true or false/],
    ["data_path", "Dahoas/rm-static", /list/],
    ["data_path", ["ok", "--output_dir"], /dash/],
    ["data_path", ["ok", ""], /empty/],
    ["data_split", "2,4", /three proportions/],
    ["data_split", "0,0,0", /three proportions/],
    ["model_name_or_path", "", /required/],
    ["model_name_or_path", "   ", /empty/],
    ["model_name_or_path", "-rf", /dash/],
    ["model_name_or_path", "a\nb", /line breaks/],
    ["output_dir", "/tmp/x", /sets this itself/],
  ];
  it.each(refused)("%s = %j is refused by name", (name, value, message) => {
    const problems = problemsOf({ [name]: value });
    expect(problems.map((problem) => problem.path)).toEqual([`stages.sft.fields.${name}`]);
    expect(problems[0]?.message).toMatch(message);
  });

  it.each([
    ["dropout", null],
    ["dropout", 0],
    ["learning_rate", 9.65e-6],
    ["data_split", "10,0,0"],
    ["data_split", "0.5,0.3,0.2"],
    ["sft_only_data_path", []],
    ["model_name_or_path", "/data/my models/opt 1.3b's"],
  ] as [string, FieldValue][])("%s = %j is accepted", (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([]);
  });

  it("a variable that the launcher owns and a GPU chosen twice are refused", () => {
    const problems = problemsOf({}, { env: { CUDA_VISIBLE_DEVICES: "0" }, gpuUuids: ["GPU-1", "GPU-1"] });
    expect(problems.map((problem) => problem.path)).toEqual([
      "stages.sft.env.CUDA_VISIBLE_DEVICES",
      "stages.sft.gpuUuids",
    ]);
  });
});
