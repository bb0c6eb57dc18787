import type { ReadinessLine } from "../../contracts/readiness";
import { APPLICATION_CHECKS } from "./judge-application";
import { PYTHON_CHECKS } from "./judge-python";
import { STORAGE_CHECKS } from "./judge-storage";
import { SYSTEM_CHECKS } from "./judge-system";
import type { ReadinessFacts } from "./readiness-facts";
import { type Check, notApplicable } from "./verdict";

const CHECKS: readonly Check[] = [
  ...SYSTEM_CHECKS,
  ...STORAGE_CHECKS,
  ...PYTHON_CHECKS,
  ...APPLICATION_CHECKS,
];

/** What the facts of a check mean for training: every line, in the order of the table. Pure. */
export function judgeReadiness(facts: ReadinessFacts): ReadinessLine[] {
  return CHECKS.map((check) => {
    const isSkipped = facts.isPractice && !check.isForPractice;
    const { state, evidence, fix } = isSkipped
      ? notApplicable("The practice node trains with a program of its own.")
      : check.judge(facts);
    return {
      id: check.id,
      group: check.group,
      title: typeof check.title === "string" ? check.title : check.title(facts),
      state,
      evidence,
      fix: fix ?? null,
    };
  });
}
