import { createReadStream } from "node:fs";
import type { DataFormat } from "../contracts/data-facts";
import { decodeText } from "./decode-text";
import { readCsv } from "./read-csv";
import { readJson } from "./read-json-array";
import { readJsonLines } from "./read-json-lines";
import { readParquet } from "./read-parquet";
import type { SourceRow } from "./source-row";

/** Every row of a file on disk, streamed: a bad row is told with its place, and those after it go on. @throws UnreadableFile */
export function readRows(
  path: string,
  { format, delimiter }: { format: DataFormat; delimiter?: string },
): AsyncGenerator<SourceRow> {
  if (format === "parquet") return readParquet(path);
  const text = decodeText(createReadStream(path));
  if (format === "csv") return readCsv(text, delimiter);
  return format === "json" ? readJson(text) : readJsonLines(text);
}
