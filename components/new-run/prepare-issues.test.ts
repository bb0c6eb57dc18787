import { expect, test } from "vitest";
import type { RecipeView } from "@/server/contracts/recipes";
import { errorsByPath, nameOfPath, prepareIssues } from "./prepare-issues";

const recipe: RecipeView = {
  id: "deepspeed-chat",
  name: "",
  description: "",
  source: "",
  stages: [
    {
      kind: "reward",
      label: "",
      fields: [
        {
          name: "learning_rate",
          flag: "--learning_rate",
          type: "float",
          default: null,
          isRequired: false,
          group: "basic",
          section: "Optimizer",
          label: "Learning rate",
          help: "",
        },
      ],
    },
  ],
  checkout: null,
  knownDataSets: [],
};

test.each([
  ["name", "Name"],
  ["nodeId", "Node"],
  ["stages.reward.fields.learning_rate", "Reward model · Learning rate"],
  ["stages.reward.fields.never_heard_of", "Reward model · never_heard_of"],
  ["stages.reward.gpuUuids", "Reward model · GPUs"],
  ["stages.sft.env.CUDA_VISIBLE_DEVICES", "Supervised fine-tuning · variable CUDA_VISIBLE_DEVICES"],
  ["evaluation.prompts.2", "Evaluation · prompt 3"],
  ["evaluation.settings.maxNewTokens", "Evaluation · max new tokens"],
  ["idempotencyKey", null],
])("%s is called %s", (path, name) => expect(nameOfPath(path, recipe)).toBe(name));

test("errors come first, and what the server says twice stands once, with its fix", () => {
  const message = "Reward model asks for 9 GPUs; n has 2.";
  const path = "stages.reward.gpuCount";
  const fix = { label: "Use 2", changes: [{ path, value: 2 }] };
  const issues = prepareIssues({
    recipe,
    refused: [{ path: `parameters.${path}`, message }],
    findings: [
      { id: "no-resume", severity: "note", stage: null, path: null, message: "Nothing resumes." },
      { id: "gpu-count", severity: "error", stage: "reward", path, message, fix },
    ],
  });
  expect(issues).toMatchObject([
    { severity: "error", path, where: "Reward model · GPUs", fix },
    { severity: "note", where: null, fix: null },
  ]);
  expect(errorsByPath(issues)).toEqual(new Map([[path, message]]));
});
