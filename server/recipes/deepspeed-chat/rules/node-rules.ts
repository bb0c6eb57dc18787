import { STAGE_KINDS, STAGE_LABEL } from "../../../contracts/statuses";
import { modelBillions, modelFamily } from "../model-family";
import { type Found, fieldPath, type Rule, setField } from "./rule";

const GPU_RULES: readonly Rule[] = [
  {
    id: "unknown-gpu",
    check: ({ parameters, node }) =>
      STAGE_KINDS.flatMap((stage): Found[] => {
        const { gpuUuids } = parameters.stages[stage];
        const unknown = gpuUuids.filter((uuid) => !node.gpus.some((gpu) => gpu.uuid === uuid));
        if (unknown.length === 0) return [];
        const path = `stages.${stage}.gpuUuids`;
        const message = `${node.name} has no usable GPU ${unknown.join(", ")}.`;
        return [{ severity: "error", path, message, fix: setField("Use any free GPUs", path, []) }];
      }),
  },
  {
    id: "gpu-count",
    check: ({ parameters, node }) =>
      STAGE_KINDS.flatMap((stage): Found[] => {
        const { gpuUuids, gpuCount } = parameters.stages[stage];
        const have = node.gpus.length;
        if (gpuUuids.length > 0 || gpuCount <= have) return [];
        const path = `stages.${stage}.gpuCount`;
        const message = `${STAGE_LABEL[stage]} asks for ${gpuCount} GPUs; ${node.name} has ${have}.`;
        return [{ severity: "error", path, message, fix: setField(`Use ${have}`, path, have) }];
      }),
  },
  {
    id: "bf16-unsupported",
    check: ({ value, gpus }) =>
      STAGE_KINDS.flatMap((stage): Found[] => {
        const old = gpus(stage).find(({ name }) => /V100|T4\b|P100|P40|RTX 20|GTX/.test(name));
        if (value(stage, "dtype") !== "bf16" || old === undefined) return [];
        const path = fieldPath(stage, "dtype");
        const message = `${old.name} does not compute in bf16.`;
        return [{ severity: "warning", path, message, fix: setField("Use fp16", path, "fp16") }];
      }),
  },
  {
    // The practice node knows its own model only, and no other node knows that.
    id: "practice-model",
    check: ({ parameters, node }) =>
      (["sft", "reward"] as const).flatMap((stage): Found[] => {
        const model = parameters.stages[stage].fields.model_name_or_path;
        if (typeof model !== "string" || (modelFamily(model) === "practice") === node.isPractice) return [];
        const path = fieldPath(stage, "model_name_or_path");
        const onPractice = `${node.name} trains its own tiny model whatever the name: ${model} is not loaded there.`;
        return node.isPractice
          ? [{ severity: "warning", path, message: onPractice }]
          : [{ severity: "error", path, message: `${model} exists on the practice node only.` }];
      }),
  },
  {
    // README of step 3: actor and critic together hold about total GPU memory in GB / 6 billion parameters.
    id: "models-too-large",
    check: ({ parameters: { stages }, node, gpus }): Found[] => {
      const actor = modelBillions(stages.sft.fields.model_name_or_path);
      const critic = modelBillions(stages.reward.fields.model_name_or_path);
      const sizes = gpus("ppo").map(({ memoryTotalMiB }) => memoryTotalMiB);
      if (actor === null || critic === null || node.isPractice || sizes.includes(null)) return [];
      const totalGB = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) * (1.048576 / 1000);
      if (actor + critic <= totalGB / 6) return [];
      const message = `PPO holds ${oneDigit(actor + critic)} billion parameters in actor and critic; ${Math.round(totalGB)} GB of GPU memory are good for about ${oneDigit(totalGB / 6)}. Expect to run out of memory without LoRA or offload.`;
      return [{ severity: "warning", path: "stages.ppo.gpuCount", message }];
    },
  },
];

/** The node's GPUs and software. A node without a GPU is one error, not six. */
export const NODE_RULES: readonly Rule[] = [
  {
    id: "no-gpu",
    check: ({ node }) =>
      node.gpus.length > 0
        ? []
        : [
            {
              severity: "error",
              path: "nodeId",
              message: `${node.name} has no GPU that Trainyard knows of.`,
            },
          ],
  },
  ...GPU_RULES.map(unlessWithoutGpus),
  {
    id: "no-train-loss-events",
    check: ({ node }) =>
      node.deepspeed === null || !isAtLeast(node.deepspeed, [0, 18, 3])
        ? []
        : [
            {
              severity: "note",
              path: null,
              message: `DeepSpeed ${node.deepspeed} writes no training loss to event files; the charts take it from the log.`,
            },
          ],
  },
];

function oneDigit(value: number): number {
  return Math.round(value * 10) / 10;
}

function isAtLeast(version: string, wanted: readonly [number, number, number]): boolean {
  const parts = version.split(/[.+]/).map((part) => Number.parseInt(part, 10));
  for (const [index, part] of wanted.entries()) {
    const have = parts[index] ?? 0;
    if (have !== part) return have > part;
  }
  return true;
}

function unlessWithoutGpus({ id, check }: Rule): Rule {
  return { id, check: (input) => (input.node.gpus.length === 0 ? [] : check(input)) };
}
