import { expect, it } from "vitest";
import { parseFieldPath } from "./field-path";

it.each([
  ["stages.sft.fields.learning_rate", { part: "sft", place: "fields", name: "learning_rate" }],
  ["parameters.stages.ppo.env.NCCL_DEBUG", { part: "ppo", place: "env", name: "NCCL_DEBUG" }],
  ["stages.reward.gpuUuids", { part: "reward", place: "gpuUuids", name: "" }],
  ["stages.reward", { part: "reward", place: "", name: "" }],
  ["stages.other.fields.a", { part: null, place: "stages", name: "" }],
  ["evaluation.prompts.2", { part: "evaluation", place: "prompts", name: "2" }],
  ["nodeId", { part: null, place: "nodeId", name: "" }],
  ["", { part: null, place: "", name: "" }],
])("%s is taken apart", (path, parts) => {
  expect(parseFieldPath(path)).toEqual(parts);
});
