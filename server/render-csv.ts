type Cell = string | number | boolean | null;

// A spreadsheet would take text that begins with one of these for a formula.
const FORMULA_START = /^[=+\-@\t\r]/;

/** RFC 4180: CRLF after every row, quotes doubled. Text that a spreadsheet would run as a formula gets a leading '. */
export function renderCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return renderCsvRows([header, ...rows]);
}

/** For a file that is written in pieces. */
export function renderCsvRows(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(renderCell).join(",")}\r\n`).join("");
}

function renderCell(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  const text = FORMULA_START.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
