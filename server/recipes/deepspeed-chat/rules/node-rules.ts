import { STAGE_KINDS, STAGE_LABEL } from "../../../contracts/statuses";
import { modelFamily } from "../model-family";
import { type Found, fieldPath, type Rule, setField, unlessPractice } from "./rule";
import { isAtLeast } from "./version";

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
  unlessPractice({
    // dschat/utils/model/model_utils.py imports no_init_weights from transformers.modeling_utils: gone with 5.0.0.
    id: "transformers-5",
    check: ({ node }) =>
      node.transformers === null || !isAtLeast(node.transformers, [5, 0, 0])
        ? []
        : [
            {
              severity: "warning",
              path: "nodeId",
              message: `DeepSpeed-Chat cannot be imported with transformers ${node.transformers}, which ${node.name} had when it was last looked at. Prepare the node, or install a version before 5.`,
            },
          ],
  }),
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

function unlessWithoutGpus({ id, check }: Rule): Rule {
  return { id, check: (input) => (input.node.gpus.length === 0 ? [] : check(input)) };
}
