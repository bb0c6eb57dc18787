import { describe, expect, it } from "vitest";
import { keepOwnData, sharedData, sourceOf, uploadedForSft, withData } from "./data-choice";
import { newDraft } from "./draft";

const draft = newDraft({ node: null, preset: null, clone: null, idempotencyKey: "key-12345" });

describe("one data set for a run", () => {
  it("with pairs is read by every stage", () => {
    const chosen = withData(draft, { reference: "dataset:a@0123456789ab", hasPairs: true });
    expect(sharedData(chosen)).toBe("dataset:a@0123456789ab");
  });

  it("with single answers is read by supervised fine-tuning, and the others keep theirs", () => {
    const pairs = withData(draft, { reference: "Dahoas/rm-static", hasPairs: true });
    const chosen = withData(pairs, { reference: "dataset:a@0123456789ab", hasPairs: false });
    expect(chosen.parameters.stages.sft.fields.data_path).toEqual(["dataset:a@0123456789ab"]);
    expect(chosen.parameters.stages.ppo.fields.data_path).toEqual(["Dahoas/rm-static"]);
    expect(sharedData(chosen)).toBeNull();
    expect([uploadedForSft(chosen), uploadedForSft(pairs)]).toEqual(["dataset:a@0123456789ab", null]);
  });

  it("stays when another preset comes, unless it is one of a hub", () => {
    for (const [name, kept] of [
      ["~/rows", "~/rows"],
      ["Dahoas/rm-static", "preset/data"],
    ] as const) {
      const after = withData(draft, { reference: "preset/data", hasPairs: true });
      expect(sharedData(keepOwnData(withData(draft, { reference: name, hasPairs: true }), after))).toBe(kept);
    }
  });

  it.each([
    ["dataset:a@0123456789ab", "uploaded"],
    ["~/rows", "path"],
    ["/data/rows", "path"],
    ["Dahoas/rm-static", "hub"],
    [null, "hub"],
  ])("%s comes from %s", (name, source) => {
    expect(sourceOf(name)).toBe(source);
  });
});
