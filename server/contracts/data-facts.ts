// Without zod: pages that only show data sets load it.
export const DATA_FORMATS = ["jsonl", "json", "csv", "parquet"] as const;
export type DataFormat = (typeof DATA_FORMATS)[number];
export const DATA_PARTS = ["train", "eval"] as const;
export type DataPart = (typeof DATA_PARTS)[number];

export const MAX_DATA_FILE_BYTES = 268_435_456;
export const MAX_DATA_ROWS = 1_000_000;

/** `dataset:<name>@<first 12 of the content hash>`: in data_path it names one version of an uploaded data set. */
export function dataSetReference(name: string, contentHash: string): string {
  return `dataset:${name}@${contentHash.slice(0, 12)}`;
}

const REFERENCE = /^dataset:([a-z0-9][a-z0-9._-]{0,63})@([0-9a-f]{12})$/;

/** null: it names something else, such as a hub data set. */
export function parseDataSetReference(text: string): { name: string; hash: string } | null {
  const [, name, hash] = REFERENCE.exec(text) ?? [];
  return name === undefined || hash === undefined ? null : { name, hash };
}

/** The finding that a problem of previewed rows becomes, for each stage that it matters to. */
export function findingIdOf(problemCode: string): string {
  return `data-${problemCode.replaceAll("_", "-")}`;
}
