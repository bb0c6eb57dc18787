import { expect, it } from "vitest";
import type { RecipeField } from "../../contracts/recipes";
import { parseCheckoutFlags } from "./checkout-flags";
import { fieldsOf, fieldsOfForm } from "./fields";

const HASH = "a".repeat(64);
const STEP_1 = "training/step1_supervised_finetuning";
const read = (flags: object[]) =>
  parseCheckoutFlags(
    JSON.stringify({
      hash: HASH,
      programs: { [STEP_1]: flags.map((flag) => ({ from: "training/main.py", ...flag })) },
      problems: {},
    }),
  );
const find = (fields: readonly RecipeField[], name: string) => fields.find((field) => field.name === name);

it.each(["", "no JSON", "[]", '{"hash":"short","programs":{}}'])("%j is no answer", (text) => {
  expect(parseCheckoutFlags(text)).toBeNull();
});

it.each([
  ["int", { flag: "--a", type: "int", default: 3 }, { type: "int", default: 3 }],
  ["float without a default", { flag: "--a", type: "float" }, { type: "float", default: null }],
  ["switch", { flag: "--a", action: "store_true" }, { type: "boolean", default: false }],
  ["list", { flag: "--a", nargs: "*", default: ["x"] }, { type: "list", default: ["x"] }],
  [
    "choices of an own type",
    { flag: "--a", type: "SchedulerType", choices: ["b", "c"], default: "c" },
    { type: "choice", choices: ["b", "c"], default: "c" },
  ],
  ["no type", { flag: "--a-b", help: "60%% of it" }, { name: "a_b", type: "string", help: "60% of it" }],
])("a flag's %s", (_, flag, wanted) => {
  expect(read([flag])?.flags.sft?.[0]).toMatchObject(wanted);
});

it("a flag that makes no sense is left out, a stage without a program is not read", () => {
  const flags = read([{ flag: "positional" }, { flag: "--fine" }])?.flags;
  expect(flags?.sft?.map(({ flag }) => flag)).toEqual(["--fine"]);
  expect(flags?.reward).toBeNull();
});

it("a stage's fields are those of the checkout: missing ones marked, its own at the end", () => {
  const flags =
    read([
      { flag: "--model_name_or_path", type: "str", required: true },
      { flag: "--learning_rate", type: "float", default: 2e-5 },
      { flag: "--flash_attention", action: "store_true", help: "Use it." },
      { flag: "--deepspeed_config", type: "str", from: "installed" },
    ])?.flags ?? null;
  const fields = fieldsOf("sft", flags);
  expect(find(fields, "learning_rate")).toMatchObject({ default: 2e-5, label: "Learning rate" });
  expect(find(fields, "learning_rate")?.isAbsent).toBeUndefined();
  expect(find(fields, "print_loss")?.isAbsent).toBe(true);
  expect(find(fields, "flash_attention")).toMatchObject({
    label: "Flash attention",
    help: "Use it.",
    group: "advanced",
    type: "boolean",
  });
  expect(find(fields, "deepspeed_config")).toBeUndefined();
  expect(fieldsOfForm("sft", flags).at(-1)?.name).toBe("flash_attention");
  expect(fieldsOf("reward", flags)).toEqual(fieldsOf("reward", null));
});

it("a program that shows no flag of its own says nothing about what it takes", () => {
  expect(read([])?.flags.sft).toBeNull();
  expect(read([{ flag: "--deepspeed", from: "installed", action: "store_true" }])?.flags.sft).toBeNull();
});
