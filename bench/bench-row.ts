/** One measured figure beside its baseline from the same run. */
export interface Figure {
  what: string;
  /** With unit: "112 ms". */
  figure: string;
  /** What it is compared with, with unit: "protobufjs 471 ms". "" when the target is absolute. */
  baseline: string;
  /** "4.2 ×"; "" when the target is absolute. */
  ratio: string;
  target: string;
  verdict: "hit" | "missed" | "not measured";
}

/** One row of the table of targets. Lives in bench/rows/NN-name.ts as `export const row`. */
export interface BenchRow {
  number: number;
  title: string;
  run: () => Promise<Figure[]>;
}

export function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`;
}

/** A figure whose target is a ratio: value / baseline, at most or at least `limit`. */
export function ratioFigure(input: {
  what: string;
  figure: string;
  baseline: string;
  ratio: number;
  target: { atMost: number } | { atLeast: number };
}): Figure {
  const isHit =
    "atMost" in input.target ? input.ratio <= input.target.atMost : input.ratio >= input.target.atLeast;
  return {
    what: input.what,
    figure: input.figure,
    baseline: input.baseline,
    ratio: `${input.ratio.toFixed(2)} ×`,
    target: "atMost" in input.target ? `≤ ${input.target.atMost} ×` : `≥ ${input.target.atLeast} ×`,
    verdict: isHit ? "hit" : "missed",
  };
}

/** A figure whose target is a number of its own; the baseline says what that number is worth on this machine. */
export function absoluteFigure(input: {
  what: string;
  figure: string;
  baseline?: string;
  target: string;
  isHit: boolean;
}): Figure {
  const { what, figure, baseline = "", target } = input;
  return { what, figure, target, baseline, ratio: "", verdict: input.isHit ? "hit" : "missed" };
}

/** What cannot be measured on this machine, and why. */
export function unmeasuredFigure(what: string, why: string): Figure {
  return { what, figure: why, baseline: "", ratio: "", target: "", verdict: "not measured" };
}
