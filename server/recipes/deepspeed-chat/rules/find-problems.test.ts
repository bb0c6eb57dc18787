import { describe, expect, it } from "vitest";
import type { FieldValue } from "../../../contracts/recipes";
import { RunParameters } from "../../../contracts/runs";
import type { StageKind } from "../../../contracts/statuses";
import { PRESETS } from "../presets";
import { findProblems } from "./find-problems";
import type { NodeFacts } from "./rule";

const gpu = (index: number, memoryTotalMiB = 81_920) => ({
  uuid: `GPU-${index}`,
  name: "NVIDIA A100-SXM4-80GB",
  memoryTotalMiB,
});
const NODE: NodeFacts = {
  name: "dgx-04",
  isPractice: false,
  checkout: null,
  deepspeed: "0.16.2",
  gpus: Array.from({ length: 8 }, (_, index) => gpu(index)),
};

function withFields(changes: Partial<Record<StageKind, Record<string, FieldValue>>>): RunParameters {
  const preset = PRESETS.find((entry) => entry.id === "opt-1.3b-single-node");
  const parameters = RunParameters.parse({ stages: structuredClone(preset?.stages), evaluation: {} });
  for (const stage of ["sft", "reward", "ppo"] as const) {
    Object.assign(parameters.stages[stage].fields, changes[stage]);
  }
  return parameters;
}

const serious = (parameters: RunParameters, node = NODE) =>
  findProblems(parameters, node, []).filter((finding) => finding.severity !== "note");

describe("findings about a preset", () => {
  it.each(PRESETS.map((preset) => [preset.id, preset] as const))(
    "%s has no error on a node for it",
    (_, preset) => {
      const parameters = RunParameters.parse({ stages: preset.stages, evaluation: {} });
      const node = { ...NODE, isPractice: preset.isPractice };
      expect(findProblems(parameters, node, []).filter((finding) => finding.severity === "error")).toEqual(
        [],
      );
    },
  );

  it("2 × A30 is quiet on two 24 GB cards", () => {
    const preset = PRESETS.find((entry) => entry.id === "opt-1.3b-2xa30");
    const parameters = RunParameters.parse({ stages: preset?.stages, evaluation: {} });
    expect(serious(parameters, { ...NODE, gpus: [gpu(0, 24_576), gpu(1, 24_576)] })).toEqual([]);
  });
});

describe("findings about settings", () => {
  const cases: [
    string,
    Parameters<typeof withFields>[0],
    { severity: string; path: string; fix?: unknown },
  ][] = [
    [
      "ZeRO 2 twice, hybrid engine and offload without LoRA is refused",
      { ppo: { offload: true } },
      { severity: "error", path: "stages.ppo.fields.offload", fix: false },
    ],
    [
      "tensor parallelism without ZeRO 3 is refused",
      { ppo: { inference_tp_size: 2 } },
      { severity: "error", path: "stages.ppo.fields.inference_tp_size", fix: 3 },
    ],
    [
      "mixed-precision LoRA without LoRA is refused",
      { ppo: { enable_mixed_precision_lora: true } },
      { severity: "error", path: "stages.ppo.fields.enable_mixed_precision_lora", fix: false },
    ],
    [
      "unequal batches are doubted",
      { ppo: { per_device_generation_batch_size: 8 } },
      { severity: "warning", path: "stages.ppo.fields.per_device_training_batch_size", fix: 8 },
    ],
    [
      "more than one PPO epoch is doubted",
      { ppo: { ppo_epochs: 2 } },
      { severity: "warning", path: "stages.ppo.fields.ppo_epochs", fix: 1 },
    ],
    [
      "padding 0 for OPT is doubted",
      { reward: { num_padding_at_beginning: 0 } },
      { severity: "warning", path: "stages.reward.fields.num_padding_at_beginning", fix: 1 },
    ],
    [
      "data without rejected answers is refused for the reward model",
      { reward: { data_path: ["wangrui6/Zhihu-KOL"] } },
      { severity: "error", path: "stages.reward.fields.data_path" },
    ],
    [
      "another split in PPO is doubted",
      { ppo: { data_split: "1,1,8" } },
      { severity: "warning", path: "stages.ppo.fields.data_split", fix: "2,4,4" },
    ],
    [
      "a LoRA learning rate for full fine-tuning is doubted",
      { sft: { learning_rate: null } },
      { severity: "warning", path: "stages.sft.fields.learning_rate", fix: 9.65e-6 },
    ],
    [
      "the practice model elsewhere is refused",
      { sft: { model_name_or_path: "practice/tiny-lm" }, reward: { model_name_or_path: "practice/tiny-lm" } },
      { severity: "error", path: "stages.sft.fields.model_name_or_path" },
    ],
  ];
  it.each(cases)("%s", (_, changes, wanted) => {
    const found = serious(withFields(changes)).find((finding) => finding.path === wanted.path);
    expect(found?.severity).toBe(wanted.severity);
    expect(found?.fix?.changes[0]?.value).toEqual(wanted.fix);
  });

  it("a fix applied takes its finding away", () => {
    expect(serious(withFields({ ppo: { offload: true } }))).toHaveLength(1);
    expect(serious(withFields({ ppo: { offload: false } }))).toEqual([]);
  });

  it("padding 1 for Llama is doubted in both stages", () => {
    const model = { model_name_or_path: "meta-llama/Llama-2-7b-hf" };
    const found = serious(withFields({ sft: model, reward: model })).filter((finding) =>
      finding.path?.endsWith("num_padding_at_beginning"),
    );
    expect(found.map((finding) => finding.fix?.changes[0]?.value)).toEqual([0, 0]);
  });
});

describe("findings about the node", () => {
  it("too many GPUs are refused, with the node's number as the fix", () => {
    const found = serious(withFields({}), { ...NODE, gpus: [gpu(0), gpu(1)] });
    expect(found.map((finding) => [finding.path, finding.fix?.changes[0]?.value])).toEqual([
      ["stages.sft.gpuCount", 2],
      ["stages.reward.gpuCount", 2],
      ["stages.ppo.gpuCount", 2],
    ]);
  });

  it("a chosen GPU that is not there is refused", () => {
    const parameters = withFields({});
    parameters.stages.sft.gpuUuids = ["GPU-9"];
    expect(serious(parameters).map((finding) => finding.path)).toEqual(["stages.sft.gpuUuids"]);
  });

  it("no GPU at all is one error", () => {
    expect(serious(withFields({}), { ...NODE, gpus: [] }).map((finding) => finding.path)).toEqual(["nodeId"]);
  });

  it("models too large for the memory are doubted", () => {
    const parameters = withFields({ sft: { model_name_or_path: "facebook/opt-66b" } });
    parameters.stages.ppo.gpuCount = 1;
    expect(serious(parameters).map((finding) => finding.path)).toEqual(["stages.ppo.gpuCount"]);
  });

  it("DeepSpeed from 0.18.3 on gets a note about missing losses", () => {
    const notesOf = (deepspeed: string) =>
      findProblems(withFields({}), { ...NODE, deepspeed }, []).map((f) => f.message);
    expect(notesOf("0.18.2").some((message) => message.includes("event files"))).toBe(false);
    expect(notesOf("0.18.3").some((message) => message.includes("event files"))).toBe(true);
    expect(notesOf("0.19.0+cu121").some((message) => message.includes("event files"))).toBe(true);
  });
});
