import { expect, test } from "vitest";
import type { FieldValue, RecipeField } from "@/server/contracts/recipes";
import { presetChanges } from "./preset-changes";

const field = (name: string, type: RecipeField["type"], byDefault: FieldValue): RecipeField => ({
  name,
  flag: `--${name}`,
  type,
  default: byDefault,
  isRequired: false,
  group: "basic",
  section: "Data",
  label: name,
  help: "",
});
const FIELDS = [
  field("rate", "float", 0.001),
  field("sets", "list", ["a"]),
  field("offload", "boolean", false),
  field("seed", "int", null),
];
const changes = (now: Record<string, FieldValue>, preset: Record<string, FieldValue>) =>
  Object.fromEntries(
    [...presetChanges(FIELDS, { fields: now }, { fields: preset })].map(([name, { beforeText }]) => [
      name,
      beforeText,
    ]),
  );

test.each<[string, Record<string, FieldValue>, Record<string, FieldValue>, Record<string, string>]>([
  ["the same number typed in another way is no change", { rate: "1e-5" }, { rate: 0.00001 }, {}],
  ["an emptied field is the program's default", { rate: "" }, { rate: 0.00001 }, { rate: "1e-5" }],
  ["the default typed out is no change", { rate: "0.001", sets: ["a"] }, {}, {}],
  ["another value is", { offload: true, sets: ["a", "b"] }, {}, { offload: "off", sets: "a" }],
  ["so is one that the preset leaves out", { seed: "7" }, {}, { seed: "not set" }],
  ["text that is no number is a change too", { rate: "1e-" }, { rate: 0.1 }, { rate: "0.1" }],
])("%s", (_name, now, preset, expected) => expect(changes(now, preset)).toEqual(expected));
