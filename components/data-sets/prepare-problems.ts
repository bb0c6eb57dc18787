import { type DataPart, findingIdOf } from "@/server/contracts/data-facts";
import type { DataPreview } from "@/server/contracts/data-previews";
import type { Finding, Fix } from "@/server/contracts/runs";
import { STAGE_KINDS, type StageKind } from "@/server/contracts/statuses";

/** Something that keeps previewed rows from training, as it is shown. */
export interface ShownProblem {
  severity: Finding["severity"];
  part: DataPart | null;
  stages: readonly StageKind[];
  message: string;
  hint: string | null;
  fix: Fix | null;
}

/** Each problem once, with the fix of all stages that it matters to; then what only a run's own settings make of the rows. Pure. */
export function problemsOf({
  problems,
  findings,
}: Pick<DataPreview, "problems" | "findings">): ShownProblem[] {
  const told = problems.map((problem): ShownProblem => {
    const id = findingIdOf(problem.code);
    return { ...problem, fix: joined(findings.flatMap((one) => (one.id === id && one.fix) || [])) };
  });
  // What a finding says of a run, its problem has said already, but for the lengths and the split.
  const ids = new Set(problems.map(({ code }) => findingIdOf(code)));
  const more = findings.filter(({ id }) => !ids.has(id));
  return [
    ...told,
    ...more.map(({ severity, stage, message, fix }) => ({
      ...{ severity, message, hint: null, part: null, fix: fix ?? null },
      stages: stage === null ? [...STAGE_KINDS] : [stage],
    })),
  ];
}

/** One problem has a finding and a fix for each stage: all of them are mended at one press. */
function joined(fixes: readonly Fix[]): Fix | null {
  const [first] = fixes;
  return first ? { label: first.label, changes: fixes.flatMap(({ changes }) => changes) } : null;
}
