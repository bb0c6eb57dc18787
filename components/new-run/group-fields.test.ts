import { expect, test } from "vitest";
import type { RecipeField } from "@/server/contracts/recipes";
import { chooseFields, type FieldChoice } from "./group-fields";

const field = (name: string, group: RecipeField["group"], section: string): RecipeField => ({
  name,
  flag: `--${name}`,
  type: "string",
  default: null,
  isRequired: false,
  group,
  section,
  label: name.replaceAll("_", " "),
  help: "",
});
const FIELDS = [
  field("weight_decay", "advanced", "Optimizer"),
  field("learning_rate", "basic", "Optimizer"),
  field("zero_stage", "basic", "Memory"),
  field("offload", "advanced", "Memory"),
  field("output_dir", "managed", "Output"),
];
const shown = (choice: Partial<FieldChoice>) =>
  chooseFields(FIELDS, {
    view: "basic",
    search: "",
    isChanged: () => false,
    hasProblem: () => false,
    ...choice,
  }).map(({ section, fields }) => `${section}: ${fields.map(({ name }) => name).join(" ")}`);

test.each<[string, Partial<FieldChoice>, string[]]>([
  ["basic fields only", {}, ["Optimizer: learning_rate", "Memory: zero_stage"]],
  [
    "all but the managed ones, basic ones first",
    { view: "all" },
    ["Optimizer: learning_rate weight_decay", "Memory: zero_stage offload"],
  ],
  ["what was changed", { view: "changed", isChanged: (name) => name === "offload" }, ["Memory: offload"]],
  ["a search looks at every field", { search: "weight dec" }, ["Optimizer: weight_decay"]],
  ["a flag is found as it is typed", { search: "--zero_stage" }, ["Memory: zero_stage"]],
  ["so is a section", { search: "memory" }, ["Memory: zero_stage offload"]],
  [
    "a field with a problem is always there",
    { search: "learning", hasProblem: (name) => name === "offload" },
    ["Optimizer: learning_rate", "Memory: offload"],
  ],
])("%s", (_name, choice, groups) => expect(shown(choice)).toEqual(groups));
