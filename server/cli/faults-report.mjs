// The fault laboratory's outcomes: as a table for the terminal, and in docs/reliability.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, release } from "node:os";

const DOCUMENT = "docs/reliability.md";
const [BEGIN, END] = ["<!-- figures: begin -->", "<!-- figures: end -->"];
const COLUMNS = ["promise", "bar", "figure", "verdict", "took"];
const WIDTHS = [52, 30, 42, 9, 8];

/** One outcome a promise; a promise that never came to its end is not among them. */
export function readOutcomes(file) {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .sort((one, other) => one.row - other.row);
}

const cellsOf = ({ promise, bar, figure, verdict, seconds }) => [
  promise,
  bar,
  figure,
  verdict,
  `${seconds.toFixed(1)} s`,
];

/** For a terminal of 150 columns: cells are wrapped at words. */
export function outcomesText(outcomes) {
  return [COLUMNS, ...outcomes.map(cellsOf)].map(rowText).join("\n");
}

function rowText(cells) {
  const columns = cells.map((cell, n) => wrap(cell, WIDTHS[n]));
  const height = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map((lines, n) => (lines[line] ?? "").padEnd(WIDTHS[n]))
      .join("  ")
      .trimEnd(),
  ).join("\n");
}

function wrap(text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/**
 * Puts the figures into the document, in the place of those of the same rows; a whole laboratory's replace all. What people
 * wrote around them stays.
 */
export function writeDocument(outcomes, { seed, startedAt, isWhole }) {
  const text = readFileSync(DOCUMENT, "utf8");
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin)
    throw new Error(`${DOCUMENT} has no ${BEGIN} … ${END} to put the figures between`);
  const measured = `${startedAt.toISOString().slice(0, 10)}, seed ${seed}`;
  const fresh = outcomes.map((outcome) => documentLine([outcome.row, ...cellsOf(outcome), measured]));
  const rows = new Set(outcomes.map(({ row }) => row));
  const kept = isWhole ? [] : linesOf(text.slice(begin, end)).filter((line) => !rows.has(rowOf(line)));
  const lines = [...kept, ...fresh].sort((one, other) => rowOf(one) - rowOf(other));
  const columns = ["row", ...COLUMNS, "measured"];
  const figures = [
    BEGIN,
    `Long laboratory, ${availableParallelism()} cores, Linux ${release()}, Node ${process.versions.node}.`,
    "",
    documentLine(columns),
    `|${"---|".repeat(columns.length)}`,
    ...lines,
    "",
  ];
  writeFileSync(DOCUMENT, text.slice(0, begin) + figures.join("\n") + text.slice(end));
}

const documentLine = (cells) => `| ${cells.map((cell) => escapeCell(String(cell))).join(" | ")} |`;
const linesOf = (figures) => figures.split("\n").filter((line) => /^\| \d+ \|/.test(line));
const rowOf = (line) => Number(/^\| (\d+) \|/.exec(line)?.[1]);
const escapeCell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
