import { checkData } from "./check-data";
import { checkDisk } from "./check-disk";
import { checkGpus } from "./check-gpus";
import { checkModels } from "./check-models";
import { checkPort } from "./check-port";
import type { NodeCheckFacts, Verdict } from "./facts";

const CHECKS = [checkModels, checkData, checkDisk, checkGpus, checkPort] as const;

/** All that a node's answers say of a run: what is wrong or doubtful, and in words what is in order. Pure. */
export function judgeNodeChecks(facts: NodeCheckFacts): Verdict {
  const verdicts = CHECKS.map((check) => check(facts));
  return {
    findings: verdicts.flatMap(({ findings }) => findings),
    checked: verdicts.flatMap(({ checked }) => checked),
  };
}
