import { expect, it } from "vitest";
import { namesOnNode, readableNames, rowsKeptSeconds } from "./data-looks";
import { type Finding, RunParameters } from "./runs";

const parameters = RunParameters.parse({
  stages: {
    sft: { fields: { data_path: ["~/rows", "dataset:mine@1"], sft_only_data_path: ["a/b"] } },
    reward: { fields: { data_path: ["c/d", "~/rows", " "] } },
    ppo: { fields: {} },
  },
  evaluation: { prompts: ["Why?"], settings: {} },
});

it("names what the stages read there, each once, and nothing that was uploaded", () => {
  expect(namesOnNode(parameters)).toEqual(["~/rows", "a/b", "c/d"]);
});

it.each<[string, string[]]>([
  ["data-on-node", ["~/rows", "c/d"]],
  ["data-gated", ["~/rows", "c/d"]],
  ["data-unsure", ["~/rows", "c/d"]],
  ["data-download", ["~/rows", "a/b", "c/d"]],
])("with the finding %s about a/b, reads %j", (id, names) => {
  const finding: Finding = {
    ...{ id, severity: "error", stage: "sft", path: null, message: "" },
    about: ["a/b"],
  };
  expect(readableNames(parameters, [finding])).toEqual(names);
});

it.each<[string, string[]]>([
  ["HF_ENDPOINT", ["~/rows", "c/d"]],
  ["https_proxy", ["~/rows", "c/d"]],
  ["NCCL_DEBUG", ["~/rows", "a/b", "c/d"]],
])("where a stage has its own %s, reads %j with the node's", (name, names) => {
  const own = structuredClone(parameters);
  own.stages.sft.env = { [name]: "x" };
  expect(readableNames(own, [])).toEqual(names);
});

it("looks at folders often, and at a hub's data set again while it has errors", () => {
  const ages = ["~/rows", "local/jsonfile", "a/b"].map((name) => [
    rowsKeptSeconds(name, { hadErrors: false }),
    rowsKeptSeconds(name, { hadErrors: true }),
  ]);
  expect(ages).toEqual([
    [10, 10],
    [10, 10],
    [3600, 60],
  ]);
});
