import type { DataFormat } from "../contracts/data-facts";

const BY_ENDING: Readonly<Record<string, { format: DataFormat; delimiter?: string }>> = {
  jsonl: { format: "jsonl" },
  ndjson: { format: "jsonl" },
  json: { format: "json" },
  csv: { format: "csv" },
  tsv: { format: "csv", delimiter: "\t" },
  parquet: { format: "parquet" },
};

/** By the file name's ending; null: none that is known. A delimiter is given only where the ending fixes it. */
export function formatOf(fileName: string): { format: DataFormat; delimiter?: string } | null {
  const ending = /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? "";
  return BY_ENDING[ending] ?? null;
}
