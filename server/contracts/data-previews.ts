import { z } from "zod";
import { DATA_PARTS } from "./data-facts";
import { DataReport } from "./data-sets";
import { Id, Timestamp } from "./primitives";
import { Finding, RunParameters } from "./runs";
import { STAGE_KINDS } from "./statuses";

/** What stands in data_path: a data set of a hub, or a place on the node. */
const DataName = z
  .string()
  .trim()
  .min(1, "Name a data set of the hub, or a folder on the node.")
  .max(1024)
  .regex(/^[^\p{Cc}]*$/u, "A name has no control characters.")
  .refine((name) => !name.startsWith("dataset:"), {
    message: "This is an uploaded data set: its page shows its rows.",
  });

export const PreviewDataInput = z.object({
  name: DataName,
  /** Of each part, from its beginning. */
  rows: z.number().int().min(1).max(200).default(50),
  /** What was read at most so long ago will do. */
  maxAgeSeconds: z.number().int().min(0).max(3600).default(60),
  /** No rows in the answer: only what was found. */
  isBrief: z.boolean().default(false),
  /** Of the run that would train on it: findings are then about this run's stages. */
  parameters: RunParameters.optional(),
});
export type PreviewDataInput = z.infer<typeof PreviewDataInput>;

/** What a stage does with a row: true, takes it; false, leaves it out; a text, ends with this exception. */
const RowUse = z.union([z.boolean(), z.string()]);
export const RowUses = z.object({ sft: RowUse, reward: RowUse, ppo: RowUse });
export type RowUses = z.infer<typeof RowUses>;

export const RawRow = z.object({
  /** As people count: "line 12", "row 12". */
  place: z.string(),
  prompt: z.string().nullable(),
  chosen: z.string().nullable(),
  rejected: z.string().nullable(),
  /** A text went on: only its beginning was sent. */
  isCut: z.boolean(),
  uses: RowUses,
});

const PartFacts = z.object({
  part: z.enum(DATA_PARTS),
  /** Rows in all; null: not known. */
  total: z.number().nullable(),
  /** false: estimated from the size of the file. */
  isTotalExact: z.boolean(),
  /** Training and evaluation get their shares of the same rows. */
  isShare: z.boolean(),
  /** Every row of the part was read. */
  isWhole: z.boolean(),
  /** Of the source. */
  columns: z.array(z.string()),
});
export const RawPart = PartFacts.extend({ rows: z.array(RawRow) });
export type RawPart = z.infer<typeof RawPart>;

/** Why rows could not be read: a code of scripts/preview-data.py and preview-hub.py, and what they know of it. */
export const RawFailure = z.object({
  code: z.string(),
  part: z.enum(DATA_PARTS).nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
});
export type RawFailure = z.infer<typeof RawFailure>;

export const PREVIEW_SOURCES = ["hub", "saved", "folder", "file", "practice"] as const;
/** What the programs on the node have said. */
export const RawPreview = z.object({
  /** null: it was not found. */
  source: z.enum(PREVIEW_SOURCES).nullable(),
  readAt: Timestamp,
  parts: z.array(RawPart),
  failures: z.array(RawFailure),
});
export type RawPreview = z.infer<typeof RawPreview>;

export const PreviewRow = RawRow.extend({
  promptTokens: z.number(),
  /** Prompt with the longer of its answers. */
  sequenceTokens: z.number(),
});
export type PreviewRow = z.infer<typeof PreviewRow>;

export const PreviewPart = PartFacts.extend({
  hasPairs: z.boolean(),
  rows: z.array(PreviewRow),
  /** Of the rows that were read; null: there are none with prompt and answer. */
  report: DataReport.nullable(),
});
export type PreviewPart = z.infer<typeof PreviewPart>;

/** Something that keeps these rows from training, or some of them. */
export const PreviewProblem = z.object({
  code: z.string(),
  severity: z.enum(["error", "warning", "note"]),
  part: z.enum(DATA_PARTS).nullable(),
  /** Those that it matters to. */
  stages: z.array(z.enum(STAGE_KINDS)),
  message: z.string(),
  /** What to do about it. */
  hint: z.string().nullable(),
  /** Another name that would do. */
  instead: z.string().nullable(),
});
export type PreviewProblem = z.infer<typeof PreviewProblem>;

/** The first rows of a data set as the training on this node would read them. */
export const DataPreview = z.object({
  nodeId: Id,
  name: z.string(),
  source: z.enum(PREVIEW_SOURCES).nullable(),
  readAt: Timestamp,
  rowLimit: z.number(),
  parts: z.array(PreviewPart),
  problems: z.array(PreviewProblem),
  /** Empty without parameters. */
  findings: z.array(Finding),
});
export type DataPreview = z.infer<typeof DataPreview>;
