import type { ReadinessReport, ReadinessSummary } from "../../contracts/readiness";
import { judgeReadiness } from "./judge-readiness";
import { ReadinessFacts } from "./readiness-facts";

interface StoredReadiness {
  facts: unknown;
  checkedAt: Date;
}

/** Facts of an older version are as good as none: the next check replaces them. */
export function readinessReport(stored: StoredReadiness | null): ReadinessReport {
  const facts = ReadinessFacts.safeParse(stored?.facts).data;
  if (stored === null || facts === undefined) return { checkedAt: null, lines: [] };
  return { checkedAt: stored.checkedAt.toISOString(), lines: judgeReadiness(facts) };
}

export function readinessSummary(stored: StoredReadiness | null): ReadinessSummary | null {
  const { checkedAt, lines } = readinessReport(stored);
  if (checkedAt === null) return null;
  const countOf = (state: string) => lines.filter((line) => line.state === state).length;
  return { checkedAt, errors: countOf("error"), warnings: countOf("warning") };
}
