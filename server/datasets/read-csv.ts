import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { MAX_ROW_CHARACTERS, type SourceRow, UnreadableFile } from "./source-row";

/** Old spreadsheets end lines with a carriage return alone. */
const LINE_BREAK = /[\r\n]/;

interface CsvRecord {
  record: string[];
  info: { lines: number };
}

/**
 * RFC 4180 with a header line. Without a given delimiter it is the one of comma, semicolon and tab that the header holds
 * most of. @throws UnreadableFile for a quote that is never closed
 */
export async function* readCsv(
  text: AsyncIterable<string>,
  delimiter: string | undefined,
): AsyncGenerator<SourceRow> {
  let header: string[] | null = null;
  let before = 0;
  try {
    for await (const { record, info } of recordsOf(text, delimiter)) {
      const place = `line ${before + 1}`;
      before = info.lines;
      if (header === null) header = checkHeader(record);
      else yield csvRow(place, header, record);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === "number" ? error.lines : before + 1;
    throw new UnreadableFile(
      `line ${Math.max(line, before + 1)}`,
      `${error.message}. A field that holds quotes or line breaks has to be quoted, and a quote in it doubled.`,
      { cause: error },
    );
  }
}

async function* recordsOf(
  text: AsyncIterable<string>,
  delimiter: string | undefined,
): AsyncGenerator<CsvRecord> {
  const pieces = text[Symbol.asyncIterator]();
  let head = "";
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    head += next.value;
    if (LINE_BREAK.test(next.value)) break;
    if (head.length > MAX_ROW_CHARACTERS) throw endlessHeader();
  }
  const parser = parse({
    delimiter: delimiter ?? guessDelimiter(head),
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_CHARACTERS,
  });
  Readable.from(all(head, pieces))
    .on("error", (error) => parser.destroy(error))
    .pipe(parser);
  yield* parser as AsyncIterable<CsvRecord>;
}

async function* all(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

function endlessHeader(): UnreadableFile {
  const message = "The header is longer than 16 Mi characters. Begin with one line that names the columns.";
  return new UnreadableFile("line 1", message);
}

function guessDelimiter(head: string): string {
  const line = head.split(LINE_BREAK)[0] ?? "";
  const count = (candidate: string) => line.split(candidate).length;
  return [",", ";", "\t"].reduce((best, candidate) => (count(candidate) > count(best) ? candidate : best));
}

function checkHeader(names: readonly string[]): string[] {
  const header = names.map((name) => name.trim());
  const double = header.find((name, index) => header.indexOf(name) !== index);
  if (double === undefined) return header;
  throw new UnreadableFile(
    "line 1",
    `The header names the column “${double}” twice. Give each its own name.`,
  );
}

function csvRow(place: string, header: readonly string[], record: readonly string[]): SourceRow {
  if (record.length !== header.length) {
    const fix = "Quote fields that hold the delimiter or line breaks.";
    return {
      place,
      problem: `It has ${record.length} fields, the header ${header.length} (${header.join(", ")}). ${fix}`,
    };
  }
  return { place, values: Object.fromEntries(header.map((name, index) => [name, record[index] ?? ""])) };
}
