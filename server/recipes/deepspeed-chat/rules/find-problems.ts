import type { Finding, RunParameters } from "../../../contracts/runs";
import type { UploadedData } from "../resolve-data";
import { BATCH_RULES } from "./batch-rules";
import { DATA_RULES } from "./data-rules";
import { FIELD_RULES } from "./field-rules";
import { HYBRID_ENGINE_RULES } from "./hybrid-engine-rules";
import { LORA_RULES } from "./lora-rules";
import { MODEL_RULES } from "./model-rules";
import { NODE_RULES } from "./node-rules";
import { PPO_RULES } from "./ppo-rules";
import { PRECISION_RULES } from "./precision-rules";
import { type NodeFacts, type Rule, ruleInput, runRules } from "./rule";
import { SPLIT_RULES } from "./split-rules";
import { ZERO_RULES } from "./zero-rules";

export const RULES: readonly Rule[] = [
  ...FIELD_RULES,
  ...NODE_RULES,
  ...DATA_RULES,
  ...SPLIT_RULES,
  ...BATCH_RULES,
  ...MODEL_RULES,
  ...PRECISION_RULES,
  ...ZERO_RULES,
  ...HYBRID_ENGINE_RULES,
  ...LORA_RULES,
  ...PPO_RULES,
];

/**
 * What is wrong, doubtful or good to know about parameters on this node. Errors refuse the start. Each rule names the
 * function of DeepSpeed-Chat that it knows it from; paths are `stages.<kind>.…` or `nodeId`. Whether a stage fits its GPUs
 * is told by the estimates, and by nothing else.
 */
export function findProblems(
  parameters: RunParameters,
  node: NodeFacts,
  uploaded: readonly UploadedData[],
): Finding[] {
  return runRules(RULES, ruleInput(parameters, node, uploaded));
}
