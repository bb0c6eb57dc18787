import { expect, test } from "vitest";
import { type Draft, newDraft, withField } from "./draft";
import { StoredDraft } from "./stored-draft";

const fresh = newDraft({ node: null, preset: null, clone: null, idempotencyKey: "key-0001" });
const reload = (draft: Draft) => StoredDraft.parse(JSON.parse(JSON.stringify(draft)));

test("a reload keeps what is half typed and wrong as yet", () => {
  const { evaluation } = fresh.parameters;
  const typed = withField(fresh, "sft", "learning_rate", "1e-");
  const draft: Draft = {
    ...typed,
    name: "",
    parameters: {
      ...typed.parameters,
      evaluation: { ...evaluation, prompts: [""], settings: { ...evaluation.settings, topP: Number.NaN } },
    },
  };
  expect(reload(draft)).toEqual(draft);
});

test("what an older version of the form left is no draft", () => {
  expect(StoredDraft.safeParse({ ...fresh, parameters: { stages: {} } }).success).toBe(false);
});
