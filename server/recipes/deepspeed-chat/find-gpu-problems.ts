import type { StageParameters } from "../../contracts/recipes";
import type { Finding, RunParameters } from "../../contracts/runs";
import { STAGE_KINDS, STAGE_LABEL, type StageKind } from "../../contracts/statuses";
import type { CheckoutFlags } from "./checkout-flags";
import { modelBillions, modelFamily } from "./model-family";

/** What the inventory knows about the node. Usable GPUs only: no card that is cut into MIG instances. */
export interface NodeFacts {
  /** The flags of its own checkout; null: the shipped list holds. */
  checkout: CheckoutFlags | null;
  name: string;
  isPractice: boolean;
  deepspeed: string | null;
  gpus: readonly { uuid: string; name: string; memoryTotalMiB: number | null }[];
}

export function findGpuProblems(parameters: RunParameters, node: NodeFacts): Finding[] {
  if (node.gpus.length === 0) {
    return [
      { severity: "error", path: "nodeId", message: `${node.name} has no GPU that Trainyard knows of.` },
    ];
  }
  return [
    ...STAGE_KINDS.flatMap((stage) => countProblems(stage, parameters.stages[stage], node)),
    ...STAGE_KINDS.flatMap((stage) => precisionAdvice(stage, parameters.stages[stage], node)),
    ...placeAdvice(parameters, node),
    ...memoryAdvice(parameters, node),
  ];
}

function countProblems(
  stage: StageKind,
  { gpuUuids, gpuCount }: StageParameters,
  node: NodeFacts,
): Finding[] {
  const path = `stages.${stage}`;
  const unknown = gpuUuids.filter((uuid) => !node.gpus.some((gpu) => gpu.uuid === uuid));
  if (unknown.length > 0) {
    return [
      {
        severity: "error",
        path: `${path}.gpuUuids`,
        message: `${node.name} has no usable GPU ${unknown.join(", ")}.`,
        fix: { label: "Use any free GPUs", path: `${path}.gpuUuids`, value: [] },
      },
    ];
  }
  if (gpuUuids.length > 0 || gpuCount <= node.gpus.length) return [];
  const have = node.gpus.length;
  return [
    {
      severity: "error",
      path: `${path}.gpuCount`,
      message: `${STAGE_LABEL[stage]} asks for ${gpuCount} GPUs; ${node.name} has ${have}.`,
      fix: { label: `Use ${have}`, path: `${path}.gpuCount`, value: have },
    },
  ];
}

function chosenGpus({ gpuUuids, gpuCount }: StageParameters, node: NodeFacts): NodeFacts["gpus"] {
  if (gpuUuids.length > 0) return node.gpus.filter((gpu) => gpuUuids.includes(gpu.uuid));
  return node.gpus.slice(0, gpuCount);
}

function precisionAdvice(stage: StageKind, parameters: StageParameters, node: NodeFacts): Finding[] {
  if (parameters.fields.dtype !== "bf16") return [];
  const old = chosenGpus(parameters, node).find((gpu) => /V100|T4\b|P100|P40|RTX 20|GTX/.test(gpu.name));
  if (old === undefined) return [];
  const path = `stages.${stage}.fields.dtype`;
  return [
    {
      severity: "warning",
      path,
      message: `${old.name} does not compute in bf16.`,
      fix: { label: "Use fp16", path, value: "fp16" },
    },
  ];
}

/** The practice node knows its own model only, and no other node knows that. */
function placeAdvice({ stages }: RunParameters, node: NodeFacts): Finding[] {
  const findings: Finding[] = [];
  for (const stage of ["sft", "reward"] as const) {
    const model = stages[stage].fields.model_name_or_path;
    if (typeof model !== "string" || (modelFamily(model) === "practice") === node.isPractice) continue;
    findings.push({
      severity: node.isPractice ? "warning" : "error",
      path: `stages.${stage}.fields.model_name_or_path`,
      message: node.isPractice
        ? `${node.name} trains its own tiny model whatever the name: ${model} is not loaded there.`
        : `${model} exists on the practice node only.`,
    });
  }
  return findings;
}

/** README of step 3: actor and critic together hold at most about total GPU memory in GB / 6 billion parameters. */
function memoryAdvice({ stages }: RunParameters, node: NodeFacts): Finding[] {
  const actor = modelBillions(stages.sft.fields.model_name_or_path);
  const critic = modelBillions(stages.reward.fields.model_name_or_path);
  const gpus = chosenGpus(stages.ppo, node);
  if (actor === null || critic === null || node.isPractice) return [];
  if (gpus.some((gpu) => gpu.memoryTotalMiB === null)) return [];
  const totalGB = gpus.reduce((sum, gpu) => sum + (gpu.memoryTotalMiB ?? 0), 0) * (1.048576 / 1000);
  const bound = totalGB / 6;
  if (actor + critic <= bound) return [];
  return [
    {
      severity: "warning",
      path: "stages.ppo.gpuCount",
      message: `PPO holds ${round(actor + critic)} billion parameters in actor and critic; ${Math.round(totalGB)} GB of GPU memory are good for about ${round(bound)}. Expect to run out of memory without LoRA or offload.`,
    },
  ];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
