import type {
  ReadinessGroup,
  ReadinessLine,
  ReadinessState,
  ReadinessSummary,
} from "@/server/contracts/readiness";

const RANK = {
  error: 0,
  warning: 1,
  unknown: 2,
  ok: 3,
  not_applicable: 4,
} as const satisfies Record<ReadinessState, number>;

const GROUP_TITLE = {
  system: "System",
  storage: "Storage",
  python: "Python and CUDA",
  application: "DeepSpeed-Chat",
} as const satisfies Record<ReadinessGroup, string>;

export interface ShownLine extends ReadinessLine {
  /** Title of the line above that has the same fix, which is shown there alone. */
  sameFixAs: string | null;
}

export interface ReadinessSection {
  group: ReadinessGroup;
  title: string;
  lines: ShownLine[];
}

/** Groups with their worst line first, and in each the worst lines first; what is equal keeps its order. Pure. */
export function readinessSections(lines: readonly ReadinessLine[]): ReadinessSection[] {
  const byRank = lines.toSorted((a, b) => RANK[a.state] - RANK[b.state]);
  const groups = Object.keys(GROUP_TITLE) as ReadinessGroup[];
  const sections = groups
    .map((group) => ({
      group,
      title: GROUP_TITLE[group],
      lines: byRank.filter((line) => line.group === group),
    }))
    .filter((section) => section.lines.length > 0)
    .toSorted((a, b) => worst(a) - worst(b));
  const titleByFix = new Map<string, string>();
  return sections.map((section) => ({ ...section, lines: section.lines.map(withFixOnce(titleByFix)) }));
}

function withFixOnce(titleByFix: Map<string, string>): (line: ReadinessLine) => ShownLine {
  return (line) => {
    const key = JSON.stringify(line.fix);
    const sameFixAs = line.fix === null ? null : (titleByFix.get(key) ?? null);
    if (sameFixAs === null) titleByFix.set(key, line.title);
    return { ...line, sameFixAs };
  };
}

/** A problem decides where a group stands; how its good lines differ does not. */
function worst({ lines }: { lines: readonly ReadinessLine[] }): number {
  return Math.min(...lines.map((line) => RANK[line.state]), RANK.ok);
}

/** "2 errors, 1 warning"; null when there is neither. Pure. */
export function describeProblems({
  errors,
  warnings,
}: Pick<ReadinessSummary, "errors" | "warnings">): string | null {
  const parts = [...plural(errors, "error"), ...plural(warnings, "warning")];
  return parts.length === 0 ? null : parts.join(", ");
}

function plural(count: number, word: string): string[] {
  return count === 0 ? [] : [`${count} ${word}${count === 1 ? "" : "s"}`];
}
