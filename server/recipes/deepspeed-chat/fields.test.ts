import { describe, expect, it } from "vitest";
import { STAGE_KINDS } from "../../contracts/statuses";
import { FIELDS, fieldsOfForm, findField } from "./fields";
import { readSources, SharedFlags } from "./shared-sources";

const shared = readSources("flags.json", SharedFlags);

describe("the recipe's fields", () => {
  it("are all flags of the three programs", () => {
    expect(STAGE_KINDS.map((stage) => FIELDS[stage].length)).toEqual([32, 32, 60]);
  });

  it.each(STAGE_KINDS)("have a label, a help text and a default inside their range in %s", (stage) => {
    for (const field of FIELDS[stage]) {
      expect(field.label, field.name).not.toBe("");
      expect(field.help.length, field.name).toBeGreaterThan(15);
      if (field.choices) expect(field.choices).toContain(field.default);
      if (typeof field.default === "number") {
        expect(field.default, field.name).toBeGreaterThanOrEqual(field.min ?? Number.NEGATIVE_INFINITY);
        expect(field.default, field.name).toBeLessThanOrEqual(field.max ?? Number.POSITIVE_INFINITY);
      }
    }
  });

  it("stand in the form by heading, none lost", () => {
    expect(fieldsOfForm("ppo", null)).toHaveLength(60);
    expect(fieldsOfForm("ppo", null)[0]?.section).toBe("Data");
  });

  it.skipIf(shared === null)("agree with the sources in name, default and choices", () => {
    for (const stage of STAGE_KINDS) {
      for (const flag of shared?.stages[stage] ?? []) {
        const field = findField(stage, flag.flag.slice(2));
        expect(field?.default, flag.flag).toEqual(
          flag.action === "store_true" ? false : (flag.default ?? null),
        );
        expect(field?.choices, flag.flag).toEqual(flag.choices);
        expect(field?.isRequired, flag.flag).toBe(flag.required ?? false);
      }
    }
  });
});
