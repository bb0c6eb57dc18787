import { STAGE_KINDS, STAGE_LABEL } from "../../../contracts/statuses";
import { modelFamily } from "../model-family";
import { gpuGeneration } from "./gpu-generation";
import { type Found, fieldPath, modelName, type Rule, type RuleInput, setField } from "./rule";

/** fp16 and bf16 on the stage's GPUs, and with its model. */
export const PRECISION_RULES: readonly Rule[] = [
  {
    // DeepSpeed's _do_sanity_check asks torch.cuda.is_bf16_supported(), which counts emulation in.
    id: "bf16-unsupported",
    check: (input) =>
      STAGE_KINDS.flatMap((stage): Found[] => {
        const old = input.gpus(stage).find(({ name }) => gpuGeneration(name) !== null);
        if (input.value(stage, "dtype") !== "bf16" || old === undefined) return [];
        const path = fieldPath(stage, "dtype");
        const message = `${old.name} does not compute in bf16: PyTorch emulates it, many times slower.`;
        return [{ severity: "warning", path, message, fix: setField("Use fp16", path, "fp16") }];
      }),
  },
  {
    // is_fp16_supported of deepspeed/accelerator/cuda_accelerator.py: 6.x only with this variable.
    id: "fp16-unsupported",
    check: ({ parameters, value, gpus }) =>
      STAGE_KINDS.flatMap((stage): Found[] => {
        const old = gpus(stage).find(({ name }) => gpuGeneration(name) === "pascal");
        const isAllowed = parameters.stages[stage].env.DS_ALLOW_DEPRECATED_FP16 === "1";
        if (value(stage, "dtype") !== "fp16" || old === undefined || isAllowed) return [];
        const path = fieldPath(stage, "dtype");
        const message = `DeepSpeed refuses fp16 on ${old.name} unless DS_ALLOW_DEPRECATED_FP16 is 1.`;
        const variable = `stages.${stage}.env.DS_ALLOW_DEPRECATED_FP16`;
        return [{ severity: "warning", path, message, fix: setField("Allow it", variable, "1") }];
      }),
  },
  { id: "llama-fp16", check: llamaInHalf },
];

/** transformers' page of Llama 2: trained in bf16; "training the model in float16 … is known to produce nan". */
function llamaInHalf(input: RuleInput): Found[] {
  const stages = STAGE_KINDS.filter(
    (stage) =>
      modelFamily(modelName(input, stage)) === "Llama" &&
      input.value(stage, "dtype") === "fp16" &&
      input.gpus(stage).every(({ name }) => gpuGeneration(name) === null),
  );
  const [first] = stages;
  if (first === undefined) return [];
  const names = stages.map((stage) => STAGE_LABEL[stage]).join(", ");
  return [
    {
      severity: "warning",
      path: fieldPath(first, "dtype"),
      message: `${names}: Llama was trained in bf16, and its losses become nan in fp16 at times.`,
      fix: {
        label: "Use bf16",
        changes: stages.map((stage) => ({ path: fieldPath(stage, "dtype"), value: "bf16" })),
      },
    },
  ];
}
