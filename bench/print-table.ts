import type { Figure } from "./bench-row";

const COLUMNS = ["row", "what", "figure", "baseline", "ratio", "target", "verdict"] as const;

export interface MeasuredRow {
  number: number;
  title: string;
  figures: Figure[];
}

/** The whole table as text, a line a figure. */
export function tableText(rows: readonly MeasuredRow[]): string {
  const lines = rows.flatMap(({ number, title, figures }) =>
    figures.map((figure, n) => [
      n === 0 ? String(number) : "",
      n === 0 ? `${title}: ${figure.what}` : figure.what,
      figure.figure,
      figure.baseline,
      figure.ratio,
      figure.target,
      figure.verdict,
    ]),
  );
  const table = [[...COLUMNS], ...lines];
  const widths = COLUMNS.map((_, column) =>
    Math.max(...table.map((line) => [...(line[column] ?? "")].length)),
  );
  const text = table.map((line) =>
    line
      .map((cell, n) => pad(cell, widths[n] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  text.splice(1, 0, widths.map((width) => "─".repeat(width)).join("  "));
  return text.join("\n");
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - [...text].length));
}
