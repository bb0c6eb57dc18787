import { expect, test } from "vitest";
import type { Finding } from "@/server/contracts/runs";
import { issueRecipe as recipe } from "./issue-fixtures";
import { countIssues, countText, messagesByPath, prepareIssues } from "./prepare-issues";

const finding = (given: Partial<Finding>): Finding => ({
  id: "rule",
  severity: "warning",
  stage: null,
  path: null,
  message: "Doubtful.",
  ...given,
});
const issuesOf = (findings: Finding[], refused: { path: string; message: string }[] = []) =>
  prepareIssues({ recipe, refused, sources: [{ findings }] });

test("errors come first, and what is said twice stands once, with its fix", () => {
  const message = "Reward model asks for 9 GPUs; n has 2.";
  const path = "stages.reward.gpuCount";
  const fix = { label: "Use 2", changes: [{ path, value: 2 }] };
  const issues = issuesOf(
    [
      finding({ severity: "note", message: "Nothing resumes." }),
      finding({ id: "gpu-count", severity: "error", stage: "reward", path, message, fix }),
    ],
    [{ path: `parameters.${path}`, message }],
  );
  expect(issues).toMatchObject([
    { severity: "error", part: "reward", path, field: { part: "Reward model", label: "GPUs" }, fix },
    { severity: "note", part: "run", field: null, fix: null },
  ]);
  expect(messagesByPath(issues, "error")).toEqual(new Map([[path, message]]));
  expect(messagesByPath(issues, "warning")).toEqual(new Map());
});

test("several sources make one list, in the order of the form", () => {
  const at = (path: string | null) => finding({ id: `rule of ${path}`, path, message: `At ${path}.` });
  const paths = [
    "evaluation.prompts.0",
    "stages.reward.env.HOME",
    "stages.reward.fields.num_train_epochs",
    "stages.sft.fields.learning_rate",
    "stages.reward.gpuUuids",
    null,
  ];
  const issues = prepareIssues({
    recipe,
    refused: [],
    sources: [{ findings: paths.slice(0, 3).map(at) }, { findings: paths.slice(3).map(at) }],
  });
  expect(issues.map(({ path }) => path)).toEqual([
    null,
    "stages.sft.fields.learning_rate",
    "stages.reward.gpuUuids",
    "stages.reward.fields.num_train_epochs",
    "stages.reward.env.HOME",
    "evaluation.prompts.0",
  ]);
});

test("a finding keeps its key while its words change, and two of one rule at one field have two", () => {
  const path = "stages.sft.fields.data_path";
  const [typed] = issuesOf([finding({ path, message: "There is no a." })]);
  const [further] = issuesOf([finding({ path, message: "There is no ab." })]);
  expect(typed?.key).toBe(further?.key);
  const both = issuesOf([finding({ path, message: "No a." }), finding({ path, message: "No b." })]);
  expect(new Set(both.map(({ key }) => key)).size).toBe(2);
});

test.each([
  ["name", "later"],
  ["stages.sft.gpuCount", "two"],
  ["stages.sft.gpuUuids", 2],
  ["stages.sft.env.NCCL_DEBUG", 1],
])("a fix that the form could not make wholly is no fix: %s becomes %j", (path, value) => {
  const changes = [
    { path: "stages.sft.fields.num_train_epochs", value: 1 },
    { path, value },
  ];
  const [issue] = issuesOf([finding({ fix: { label: "Do it", changes } })]);
  expect(issue?.fix).toBeNull();
});

test("counts are words", () => {
  const issues = issuesOf([finding({ message: "a" }), finding({ message: "b" })]);
  const counts = countIssues(issues);
  expect(counts).toEqual({ error: 0, warning: 2, note: 0 });
  expect(countText("warning", counts.warning)).toBe("2 warnings");
  expect(countText("error", 1)).toBe("1 error");
});

test("what several sources say of the same data stands once, as the one that knows best says it", () => {
  const at = { stage: "sft" as const, path: "stages.sft.fields.data_path", about: ["~/rows"] };
  const note = finding({ ...at, id: "data-folder", severity: "note", message: "It has to hold train.json." });
  const asked = finding({ ...at, id: "data-on-node", severity: "error", message: "There is no ~/rows." });
  const read = finding({ ...at, id: "data-path-absent", severity: "error", message: "Nothing is there." });
  const issues = prepareIssues({
    recipe,
    refused: [],
    sources: [{ findings: [note] }, { findings: [asked] }, { findings: [read] }],
  });
  expect(issues.map(({ message }) => message)).toEqual(["There is no ~/rows."]);
});
