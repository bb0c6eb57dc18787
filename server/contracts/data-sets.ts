import { z } from "zod";
import { DATA_FORMATS, DATA_PARTS } from "./data-facts";
import { Id, PageQuery, Timestamp } from "./primitives";

/** Stands in commands, run parameters and addresses, so it is plain. */
export const DataSetName = z
  .string()
  .trim()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,63}$/,
    "Use 1 to 64 small letters, digits, dots, dashes and underscores, beginning with a letter or digit.",
  );

const ColumnName = z.string().trim().min(1).max(200).optional();

/** Beside the file's bytes, which are the body. A column that is not named is recognised by its usual names. */
export const CreateDataSetQuery = z.object({
  name: DataSetName,
  /** Its ending tells the format: .jsonl, .ndjson, .json, .csv, .tsv, .parquet. */
  fileName: z.string().trim().min(1).max(255),
  promptColumn: ColumnName,
  chosenColumn: ColumnName,
  rejectedColumn: ColumnName,
  /** wrap: prompts become `Human: … Assistant:` where they are not yet; keep: they stay as they are. */
  promptFormat: z.enum(["wrap", "keep"]).default("wrap"),
  /** Share of the prompts held back for evaluation. */
  evalPercent: z.coerce.number().min(1).max(50).default(10),
  /** Which prompts those are. */
  seed: z.coerce.number().int().min(0).max(4_294_967_295).default(1234),
});
export type CreateDataSetQuery = z.infer<typeof CreateDataSetQuery>;

/** Columns of the file that became prompt, chosen and rejected. */
export const DataColumns = z.object({
  /** null: the prompt is the beginning of the chosen conversation. */
  prompt: z.string().nullable(),
  /** A second column that follows the prompt, as `input` follows `instruction`. */
  context: z.string().nullable(),
  chosen: z.string(),
  /** null: one answer a prompt. */
  rejected: z.string().nullable(),
});
export type DataColumns = z.infer<typeof DataColumns>;

/** Lengths in tokens. `upTo` null: longer than the bin before. */
export const TokenLengths = z.object({
  median: z.number(),
  p95: z.number(),
  max: z.number(),
  bins: z.array(z.object({ upTo: z.number().nullable(), count: z.number() })),
});
export type TokenLengths = z.infer<typeof TokenLengths>;

export const DataFinding = z.object({
  severity: z.enum(["warning", "note"]),
  message: z.string(),
  count: z.number(),
  /** The first of them, as people count: "line 12", "row 12". */
  places: z.array(z.string()),
});
export type DataFinding = z.infer<typeof DataFinding>;

export const DataReport = z.object({
  findings: z.array(DataFinding),
  tokens: z.object({
    /** How tokens were counted, in words. */
    method: z.string(),
    prompt: TokenLengths,
    chosen: TokenLengths,
    rejected: TokenLengths.nullable(),
    /** Prompt with the longer of its answers: what max_seq_len cuts. */
    sequence: TokenLengths,
  }),
});
export type DataReport = z.infer<typeof DataReport>;

export const DataSetVersionView = z.object({
  id: Id,
  number: z.number(),
  /** SHA-256 of the normalised rows and their split, hex. */
  contentHash: z.string(),
  /** What names this version in a run's data_path. */
  reference: z.string(),
  fileName: z.string(),
  format: z.enum(DATA_FORMATS),
  fileBytes: z.number(),
  /** false: one answer a prompt, so supervised fine-tuning only. */
  hasPairs: z.boolean(),
  trainCount: z.number(),
  evalCount: z.number(),
  evalPercent: z.number(),
  seed: z.number(),
  columns: DataColumns,
  report: DataReport,
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type DataSetVersionView = z.infer<typeof DataSetVersionView>;

export const DataSetView = z.object({
  id: Id,
  name: z.string(),
  createdBy: z.string(),
  createdAt: Timestamp,
  /** Newest first. */
  versions: z.array(DataSetVersionView),
});
export type DataSetView = z.infer<typeof DataSetView>;

export const DataSetSummary = DataSetView.omit({ versions: true }).extend({
  versionCount: z.number(),
  newest: DataSetVersionView.omit({ report: true }),
});
export type DataSetSummary = z.infer<typeof DataSetSummary>;

export const DataRow = z.object({
  prompt: z.string(),
  chosen: z.string(),
  rejected: z.string().nullable(),
});
export type DataRow = z.infer<typeof DataRow>;

export const DataPartQuery = z.object({
  /** The version's number; the newest when it is left out. */
  version: z.coerce.number().int().min(1).optional(),
  part: z.enum(DATA_PARTS).default("train"),
});
export const ListDataRowsQuery = DataPartQuery.extend({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export const DataRows = z.object({ total: z.number(), offset: z.number(), rows: z.array(DataRow) });
export type DataRows = z.infer<typeof DataRows>;

export const ListDataSetsQuery = PageQuery.extend({ q: z.string().max(64).optional() });
