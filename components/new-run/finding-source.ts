import type { Finding } from "@/server/contracts/runs";

/** One place that findings come from. Each looks at its own pace; what it said last stands until it says something new. */
export interface FindingSource {
  /** Stable: "settings". */
  id: string;
  /** For people, at the start of a line: "Settings". */
  label: string;
  /** What it looks at: "values, GPUs, data". */
  covers: string;
  /** waiting: it looks once another source has found nothing that it could not read. */
  state: "waiting" | "looking" | "done" | "failed";
  /** Why it could not look; null unless it failed. */
  reason: string | null;
  findings: readonly Finding[];
  /** What was found in order, with its values; left out where there is nothing to say. */
  evidence?: readonly string[];
  /** Looks again; left out where that would say the same. */
  onRetry?: () => void;
}
