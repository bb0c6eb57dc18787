import { expect, it } from "vitest";
import type { StageParameters } from "../contracts/recipes";
import { findHardware } from "./hardware";
import { workOf } from "./work";

const uploaded = (reference: string, hasPairs: boolean) => ({
  ...{ reference, hasPairs, trainCount: 1000, evalCount: 10 },
});
const SETS = [uploaded("dataset:pairs@0123456789ab", true), uploaded("dataset:single@0123456789ab", false)];
const stage = (fields: StageParameters["fields"]): StageParameters => ({
  ...{ gpuCount: 1, gpuUuids: [], env: {} },
  fields: { data_split: "2,4,4", ...fields },
});

it.each([
  ["a share of a known set", ["Dahoas/rm-static"], [], 15_251],
  ["what only sft reads, whole", ["Dahoas/rm-static"], ["Dahoas/full-hh-rlhf"], 15_251 + 112_052],
  ["a share of uploaded pairs", ["dataset:pairs@0123456789ab"], [], 200],
  ["uploaded single answers, whole", ["dataset:single@0123456789ab"], [], 1000],
  ["nothing of a set whose size is not known", ["Dahoas/rm-static", "somebody/else"], [], null],
  ["nothing of a version that was deleted", ["dataset:gone@0123456789ab"], [], null],
])("supervised fine-tuning sees %s", (_, data_path, sft_only_data_path, samples) => {
  expect(workOf("sft", stage({ data_path, sft_only_data_path }), SETS).samples).toBe(samples);
});

it("a part of a GPU is no GPU of its kind", () => {
  expect(findHardware("NVIDIA A100-SXM4-40GB")?.name).toBe("A100 40G");
  expect(findHardware("NVIDIA A100-SXM4-40GB MIG 1g.5gb")).toBeNull();
});
