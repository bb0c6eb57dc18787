import { expect, test } from "vitest";
import { nameOfPath, rankOfPath, valueAt, valueText } from "./field-place";
import { issueDraft, issueRecipe as recipe } from "./issue-fixtures";

test.each([
  ["name", null, "Name", null],
  ["nodeId", null, "Node", null],
  ["stages.reward.fields.learning_rate", "Reward model", "Learning rate", "--learning_rate"],
  ["stages.reward.fields.never_heard_of", "Reward model", "never_heard_of", null],
  ["stages.reward.gpuUuids", "Reward model", "GPUs", null],
  ["stages.sft.env.NCCL_DEBUG", "Supervised fine-tuning", "variable NCCL_DEBUG", null],
  ["evaluation.prompts.2", "Evaluation", "prompt 3", null],
  ["evaluation.settings.maxNewTokens", "Evaluation", "max new tokens", null],
])("%s is called %s · %s, %s", (path, part, label, flag) =>
  expect(nameOfPath(path, recipe)).toEqual({ part, label, flag }),
);

test("a path that no field has has no name", () => expect(nameOfPath("idempotencyKey", recipe)).toBeNull());

test("within a stage the GPUs come first, then the flags in the recipe's order, then the environment", () => {
  const ranks = ["gpuCount", "fields.num_train_epochs", "fields.learning_rate", "env.A"].map((rest) =>
    rankOfPath(`stages.reward.${rest}`, recipe),
  );
  expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  expect(new Set(ranks).size).toBe(4);
});

test.each([
  ["stages.sft.fields.learning_rate", 9.65e-6, "9.65e-6"],
  ["stages.sft.fields.num_train_epochs", null, "1"],
  ["stages.sft.fields.offload", true, "on"],
  ["stages.sft.fields.unknown", null, "not set"],
  ["stages.sft.gpuUuids", [], "any free ones"],
  ["stages.sft.gpuCount", 2, "2"],
] as const)("%s with %j reads %s", (path, value, text) =>
  expect(
    valueText(path, Array.isArray(value) ? [...value] : (value as string | number | boolean | null), recipe),
  ).toBe(text),
);

test("the form's value at a path", () => {
  expect(valueAt(issueDraft, "stages.sft.fields.num_train_epochs")).toBe(3);
  expect(valueAt(issueDraft, "parameters.stages.sft.fields.num_train_epochs")).toBe(3);
  expect(valueAt(issueDraft, "stages.sft.fields.learning_rate")).toBeNull();
  expect(valueAt(issueDraft, "stages.sft.gpuCount")).toBe(1);
  expect(valueAt(issueDraft, "stages.sft.env.NCCL_DEBUG")).toBe("INFO");
  expect(valueAt(issueDraft, "name")).toBeNull();
});
