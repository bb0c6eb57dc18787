import { describe, expect, it } from "vitest";
import { PreparationSettings } from "@/server/contracts/preparation";
import { hasExamplesError, inputOf, valuesOf } from "./preparation-values";

const values = valuesOf(PreparationSettings.parse({}));

describe("the preparation form", () => {
  it("sends what it was filled with, unchanged", () => {
    const settings = PreparationSettings.parse({
      indexUrl: "https://mirror.example.org/simple",
      indexUsername: "ann",
      models: ["facebook/opt-1.3b", "gpt2"],
      hubDirectory: "/data/hf",
      isOffline: true,
    });
    expect(inputOf(valuesOf(settings)).input).toEqual({ settings, secrets: {} });
  });

  it("keeps a stored secret unless a new one is typed or it is to be forgotten", () => {
    expect(inputOf(values).input?.secrets).toEqual({});
    expect(inputOf({ ...values, hubToken: "hf_x" }).input?.secrets).toEqual({ hubToken: "hf_x" });
    expect(inputOf({ ...values, forgotten: ["hubToken"] }).input?.secrets).toEqual({ hubToken: null });
  });

  it.each([
    [true, { examplesRef: "--x" }],
    [true, { examplesUrl: "nowhere" }],
    [false, { indexUrl: "mirror" }],
  ])("folds DeepSpeedExamples open: %s for %o", (isOpen, changes) => {
    expect(hasExamplesError(inputOf({ ...values, ...changes }).errors ?? {})).toBe(isOpen);
  });

  it.each([
    ["settings.indexUrl", { indexUrl: "mirror" }],
    ["settings.indexUrl", { indexUrl: "https://ann:secret@mirror.example.org/simple" }],
    ["settings.models", { models: "../etc" }],
    ["settings.examplesRef", { examplesRef: "--upload-pack=x" }],
    ["settings.torch", { torch: "torch>=2" }],
    ["secrets.hubToken", { hubToken: "a b" }],
  ])("names %s", (path, changes) => {
    expect(Object.keys(inputOf({ ...values, ...changes }).errors ?? {})).toEqual([path]);
  });
});
