import { createReadStream } from "node:fs";
import type { DataFormat } from "../contracts/data-facts";
import { decodeText } from "./decode-text";
import { readCsv } from "./read-csv";
import { readJson } from "./read-json-array";
import { readJsonLines } from "./read-json-lines";
import { type PickColumns, readParquet } from "./read-parquet";
import type { SourceRow } from "./source-row";

/**
 * Every row of a file on disk, streamed: a bad row is told with its place, and those after it go on. `pick` is asked where
 * a format lets columns be left unread. @throws UnreadableFile; AppError LIMIT
 */
export function readRows(
  path: string,
  { format, delimiter, pick }: { format: DataFormat; delimiter?: string; pick: PickColumns },
): AsyncGenerator<SourceRow> {
  if (format === "parquet") return readParquet(path, pick);
  const text = decodeText(createReadStream(path));
  if (format === "csv") return readCsv(text, delimiter);
  return format === "json" ? readJson(text) : readJsonLines(text);
}
