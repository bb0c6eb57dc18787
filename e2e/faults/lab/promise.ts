import { appendFileSync } from "node:fs";
import { it } from "vitest";
import { type Random, seededRandom } from "./random";
import { IS_LONG, REPORT_FILE } from "./settings";

export interface PromiseText {
  /** Its row in docs/reliability.md. */
  row: number;
  promise: string;
  /** What the figure is held against: "0", "≤ 5 s". */
  bar: string;
  /**
   * "count": must hold wherever this runs. "measure": seconds and bytes, which a busy machine stretches: printed beside the bar
   * always, a failure only in the long laboratory.
   */
  kind: "count" | "measure";
  /** Why it cannot be tried here; null: it can. */
  unavailable?: string | null;
  timeoutMs?: number;
}

export interface Measured {
  /** With unit, and with what it was measured on: "0 of 512 faults". */
  figure: string;
  isKept: boolean;
}

export interface Outcome extends Pick<PromiseText, "row" | "promise" | "bar" | "kind"> {
  figure: string;
  verdict: "kept" | "broken" | "not tried";
  seconds: number;
}

/** One promise as one test, whose figure goes into the laboratory's table. */
export function keeps(text: PromiseText, measure: (random: Random) => Promise<Measured>): void {
  const { row, promise, bar, kind, unavailable = null, timeoutMs = 120_000 } = text;
  const tell = (told: Pick<Outcome, "figure" | "verdict" | "seconds">) =>
    collect({ row, promise, bar, kind, ...told });
  it(
    `${promise}: ${bar}`,
    async ({ skip }) => {
      if (unavailable !== null) {
        tell({ figure: unavailable, verdict: "not tried", seconds: 0 });
        return skip(unavailable);
      }
      const startedAt = performance.now();
      const seconds = () => (performance.now() - startedAt) / 1000;
      let measured: Measured;
      try {
        measured = await measure(seededRandom(promise));
      } catch (error) {
        tell({ figure: firstLine(error), verdict: "broken", seconds: seconds() });
        throw error;
      }
      const { figure, isKept } = measured;
      tell({ figure, verdict: isKept ? "kept" : "broken", seconds: seconds() });
      if (!isKept && (kind === "count" || IS_LONG))
        throw new Error(`${promise}: ${figure}; the bar is ${bar}`);
    },
    timeoutMs,
  );
}

function collect(outcome: Outcome): void {
  if (REPORT_FILE !== null) appendFileSync(REPORT_FILE, `${JSON.stringify(outcome)}\n`);
}

function firstLine(error: unknown): string {
  return (
    String(error instanceof Error ? error.message : error)
      .trim()
      .split("\n")[0] ?? ""
  );
}
