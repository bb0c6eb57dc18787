import { MAX_DATA_ROWS } from "../contracts/data-facts";
import type { CreateDataSetQuery, DataColumns, DataRow } from "../contracts/data-sets";
import type { FieldProblem } from "../contracts/errors";
import { validationError } from "../errors";
import { findColumns, lateColumn } from "./parse-columns";
import { formatOf } from "./parse-format";
import { parseRow, type RowMarks } from "./parse-row";
import { readRows } from "./read-rows";
import { type SourceRow, tooManyRows, UnreadableFile } from "./source-row";

const MAX_PROBLEMS = 20;

export interface NormalisedRow extends RowMarks {
  row: DataRow;
  place: string;
}
export type NormaliseOptions = Pick<
  CreateDataSetQuery,
  "fileName" | "promptColumn" | "chosenColumn" | "rejectedColumn" | "promptFormat"
>;

/** @throws AppError VALIDATION when the name's ending tells no format */
export function requireFormat(fileName: string) {
  const format = formatOf(fileName);
  if (format !== null) return format;
  const message = `“${fileName}” tells no format. Upload .jsonl, .ndjson, .json, .csv, .tsv or .parquet.`;
  throw validationError([{ path: "fileName", message }]);
}

/**
 * Every row of an uploaded file as prompt, chosen and rejected; `onColumns` is called before the first. One bad row refuses
 * the file as a whole, so that nothing is lost without a word: the error names the first 20 and how to mend them.
 * @throws AppError VALIDATION, LIMIT past MAX_DATA_ROWS
 */
export async function* normaliseFile(
  path: string,
  { options, onColumns }: { options: NormaliseOptions; onColumns: (columns: DataColumns) => void },
): AsyncGenerator<NormalisedRow> {
  const problems = new RowProblems();
  let columns: DataColumns | null = null;
  let count = 0;
  const pick = (names: readonly string[]) => wantedColumns(chooseColumns(names, options));
  for await (const source of problems.guard(readRows(path, { ...requireFormat(options.fileName), pick }))) {
    count += 1;
    if (count > MAX_DATA_ROWS) throw tooManyRows();
    if ("problem" in source) {
      problems.add(source.place, source.problem);
      continue;
    }
    if (columns === null) {
      columns = chooseColumns(Object.keys(source.values), options);
      onColumns(columns);
    }
    const late = lateColumn(source.values, { columns, choice: options });
    if (late !== null) problems.add(source.place, lateProblem(late));
    const parsed = parseRow(source.values, { columns, promptFormat: options.promptFormat });
    if ("problem" in parsed) problems.add(source.place, parsed.problem);
    else if (problems.count === 0) yield { ...parsed, place: source.place };
  }
  problems.throwIfAny();
  if (count === 0) throw validationError([{ path: "file", message: "The file holds no rows." }]);
}

function chooseColumns(names: readonly string[], options: NormaliseOptions): DataColumns {
  const { promptColumn, chosenColumn, rejectedColumn } = options;
  const found = findColumns(names, { promptColumn, chosenColumn, rejectedColumn });
  if ("problems" in found) throw validationError(found.problems);
  return found.columns;
}

function lateProblem(column: string): string {
  return `It has the column ${column}, which the first row lacks, so its value would be lost. Give every row ${column}, or remove it from all.`;
}

function wantedColumns({ prompt, context, chosen, rejected }: DataColumns): string[] {
  return [...new Set([prompt, context, chosen, rejected].filter((name) => name !== null))];
}

/** The first problems in full, and how many there are. */
class RowProblems {
  count = 0;
  private readonly first: FieldProblem[] = [];

  add(place: string, message: string): void {
    this.count += 1;
    if (this.first.length < MAX_PROBLEMS) this.first.push({ path: `file, ${place}`, message });
  }

  /** A file that ends in the middle is one more problem. */
  async *guard(rows: AsyncIterable<SourceRow>): AsyncGenerator<SourceRow> {
    try {
      yield* rows;
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      yield { place: error.place, problem: error.message };
    }
  }

  throwIfAny(): void {
    if (this.count === 0) return;
    const rest = this.count - this.first.length;
    if (rest > 0) this.first.push({ path: "file", message: `${rest} more rows have problems.` });
    throw validationError(this.first);
  }
}
