import type { Finding, RunParameters } from "../../../contracts/runs";
import type { UploadedData } from "../resolve-data";
import { DATA_RULES } from "./data-rules";
import { FIELD_RULES } from "./field-rules";
import { MODEL_RULES } from "./model-rules";
import { NODE_RULES } from "./node-rules";
import { PPO_RULES } from "./ppo-rules";
import { type NodeFacts, type Rule, ruleInput, runRules } from "./rule";

export const RULES: readonly Rule[] = [
  ...FIELD_RULES,
  ...NODE_RULES,
  ...DATA_RULES,
  ...PPO_RULES,
  ...MODEL_RULES,
];

/**
 * What is wrong, doubtful or good to know about parameters on this node. Errors refuse the start. Each rule names the
 * function of DeepSpeed-Chat that it knows it from; paths are `stages.<kind>.…` or `nodeId`.
 */
export function findProblems(
  parameters: RunParameters,
  node: NodeFacts,
  uploaded: readonly UploadedData[],
): Finding[] {
  return runRules(RULES, ruleInput(parameters, node, uploaded));
}
