import type { Finding, RunParameters } from "../../contracts/runs";
import { STAGE_KINDS, STAGE_LABEL } from "../../contracts/statuses";
import { validateStage } from "../validate";
import { effectiveValue } from "./effective-value";
import { fieldsOf, findField } from "./fields";
import { findDataProblems } from "./find-data-problems";
import { findGpuProblems, type NodeFacts } from "./find-gpu-problems";
import { modelFamily, paddingAtBeginning } from "./model-family";
import type { UploadedData } from "./resolve-data";

/**
 * What is wrong or doubtful about parameters on this node. Errors refuse the start. Rules of the scripts
 * (step3 main.py, parse_args and main) and of their README; paths are `stages.<kind>.…`.
 */
export function findProblems(
  parameters: RunParameters,
  node: NodeFacts,
  uploaded: readonly UploadedData[],
): Finding[] {
  const invalid = STAGE_KINDS.flatMap((stage) =>
    validateStage(parameters.stages[stage], {
      fields: fieldsOf(stage, node.checkout),
      path: `stages.${stage}`,
    }),
  );
  const errors: Finding[] = invalid.map((problem) => ({ severity: "error", ...problem }));
  const rules = [
    ...refusedByScript(parameters),
    ...findDataProblems(parameters, uploaded),
    ...ppoAdvice(parameters),
  ];
  const doubts = [...tokenizerAdvice(parameters), ...learningRateAdvice(parameters)];
  return [
    ...errors,
    ...findGpuProblems(parameters, node),
    ...absentFlags(parameters, node),
    ...rules,
    ...doubts,
    ...notes(node),
  ];
}

/** argparse ends a program that is given a flag it does not know. */
function absentFlags({ stages }: RunParameters, { name, checkout }: NodeFacts): Finding[] {
  return STAGE_KINDS.flatMap((stage) =>
    fieldsOf(stage, checkout).flatMap((field): Finding[] => {
      const value = stages[stage].fields[field.name];
      const isPassed = Array.isArray(value) ? value.length > 0 : Boolean(value) || value === 0;
      if (!field.isAbsent || field.group === "managed" || !isPassed) return [];
      const path = `stages.${stage}.fields.${field.name}`;
      return [
        {
          severity: "error",
          path,
          message: `The checkout on ${name} has no ${field.flag}: its program ends at once.`,
          fix: { label: "Leave it out", path, value: null },
        },
      ];
    }),
  );
}

function refusedByScript({ stages }: RunParameters): Finding[] {
  const value = (name: string) => effectiveValue("ppo", stages.ppo, name);
  const path = "stages.ppo.fields";
  const findings: Finding[] = [];
  const hasZeroTwo = value("actor_zero_stage") === 2 && value("critic_zero_stage") === 2;
  if (hasZeroTwo && value("enable_hybrid_engine") && value("offload") && value("actor_lora_dim") === 0) {
    findings.push({
      severity: "error",
      path: `${path}.offload`,
      message:
        "The program refuses ZeRO 2 for actor and critic with the hybrid engine and offload but without LoRA: it is unstable.",
      fix: { label: "Turn offload off", path: `${path}.offload`, value: false },
    });
  }
  if (Number(value("inference_tp_size")) > 1 && value("actor_zero_stage") !== 3) {
    findings.push({
      severity: "error",
      path: `${path}.inference_tp_size`,
      message: "Inference tensor parallelism needs actor ZeRO stage 3.",
      fix: { label: "Use actor ZeRO stage 3", path: `${path}.actor_zero_stage`, value: 3 },
    });
  }
  if (
    value("enable_mixed_precision_lora") &&
    !(Number(value("actor_lora_dim")) > 0 && value("actor_zero_stage") === 3)
  ) {
    findings.push({
      severity: "error",
      path: `${path}.enable_mixed_precision_lora`,
      message: "Mixed-precision LoRA needs actor LoRA and actor ZeRO stage 3.",
      fix: { label: "Turn it off", path: `${path}.enable_mixed_precision_lora`, value: false },
    });
  }
  return findings;
}

function ppoAdvice({ stages }: RunParameters): Finding[] {
  const value = (name: string) => effectiveValue("ppo", stages.ppo, name);
  const path = "stages.ppo.fields";
  const findings: Finding[] = [];
  const generation = value("per_device_generation_batch_size");
  if (generation !== value("per_device_training_batch_size")) {
    findings.push({
      severity: "warning",
      path: `${path}.per_device_training_batch_size`,
      message: "Only equal generation and training batches are known to converge.",
      fix: {
        label: `Train with batch ${generation}`,
        path: `${path}.per_device_training_batch_size`,
        value: generation,
      },
    });
  }
  for (const name of ["ppo_epochs", "generation_batches"]) {
    if (value(name) === 1) continue;
    findings.push({
      severity: "warning",
      path: `${path}.${name}`,
      message: `${findField("ppo", name)?.label}: only 1 is known to converge.`,
      fix: { label: "Use 1", path: `${path}.${name}`, value: 1 },
    });
  }
  if (
    (value("unsupervised_dataset_name") === null) !==
    (value("unsupervised_dataset_config_name") === null)
  ) {
    findings.push({
      severity: "warning",
      path: `${path}.unsupervised_dataset_name`,
      message: "The pre-training loss is used only when both the data set and its configuration are given.",
    });
  }
  return findings;
}

function tokenizerAdvice({ stages }: RunParameters): Finding[] {
  const findings: Finding[] = [];
  const rewardModel = stages.reward.fields.model_name_or_path;
  const expected = paddingAtBeginning(rewardModel);
  for (const stage of ["reward", "ppo"] as const) {
    const given = effectiveValue(stage, stages[stage], "num_padding_at_beginning");
    if (expected === null || given === expected) continue;
    const path = `stages.${stage}.fields.num_padding_at_beginning`;
    findings.push({
      severity: "warning",
      path,
      message: `${STAGE_LABEL[stage]}: ${rewardModel} needs ${expected} padding tokens at the start, not ${given}.`,
      fix: { label: `Use ${expected}`, path, value: expected },
    });
  }
  const actor = modelFamily(stages.sft.fields.model_name_or_path);
  const critic = modelFamily(rewardModel);
  if (actor !== null && critic !== null && actor !== critic) {
    findings.push({
      severity: "warning",
      path: "stages.reward.fields.model_name_or_path",
      message: `The actor is ${actor}, the reward model ${critic}: PPO scores the actor's tokens, so both need the same tokenizer.`,
    });
  }
  return findings;
}

function learningRateAdvice({ stages }: RunParameters): Finding[] {
  const rate = effectiveValue("sft", stages.sft, "learning_rate");
  const isFull = effectiveValue("sft", stages.sft, "lora_dim") === 0;
  const family = modelFamily(stages.sft.fields.model_name_or_path);
  if (!isFull || family === null || family === "practice" || Number(rate) < 1e-3) return [];
  const path = "stages.sft.fields.learning_rate";
  return [
    {
      severity: "warning",
      path,
      message: `A learning rate of ${rate} is meant for LoRA; full fine-tuning diverges with it.`,
      fix: { label: "Use 9.65e-6", path, value: 9.65e-6 },
    },
  ];
}

function notes(node: NodeFacts): Finding[] {
  const findings: Finding[] = [
    {
      severity: "note",
      path: null,
      message:
        "No stage saves checkpoints while it trains, and none resumes: a stage that ends early starts again.",
    },
  ];
  if (node.deepspeed !== null && isAtLeast(node.deepspeed, [0, 18, 3])) {
    findings.push({
      severity: "note",
      path: null,
      message: `DeepSpeed ${node.deepspeed} writes no training loss to event files; the charts take it from the log.`,
    });
  }
  return findings;
}

function isAtLeast(version: string, wanted: readonly [number, number, number]): boolean {
  const parts = version.split(/[.+]/).map((part) => Number.parseInt(part, 10));
  for (const [index, part] of wanted.entries()) {
    const have = parts[index] ?? 0;
    if (have !== part) return have > part;
  }
  return true;
}
