import { z } from "zod";
import { Id, Timestamp } from "./primitives";
import { STATUSES } from "./statuses";

export { LOG_HEADERS } from "./log-headers";

export const AttemptEventView = z.object({
  id: z.string(),
  attemptId: Id,
  status: z.enum(STATUSES),
  reason: z.string(),
  actor: z.string(),
  isTerminal: z.boolean(),
  at: Timestamp,
});
export type AttemptEventView = z.infer<typeof AttemptEventView>;

/**
 * One generation of a followed file; a new one begins when the file was replaced, rewritten or emptied on the node.
 * `offset` bytes of `size` have arrived.
 */
export const NodeFileView = z.object({
  id: Id,
  attemptId: Id,
  path: z.string(),
  kind: z.enum(["log", "events", "answers"]),
  generation: z.number().int(),
  offset: z.number().int(),
  size: z.number().int(),
  corruptRecords: z.number().int(),
  isComplete: z.boolean(),
  /** When it was first seen. */
  createdAt: Timestamp,
});
export type NodeFileView = z.infer<typeof NodeFileView>;

/**
 * GET /attempts/{id}/log: raw bytes [offset, offset + length) of one generation of the log.
 * A negative offset counts from the end. Reply headers: x-trainyard-generation, x-trainyard-offset,
 * x-trainyard-size (bytes that have arrived), x-trainyard-complete (true|false).
 */
export const LogQuery = z.object({
  generation: z.coerce.number().int().min(0).optional(),
  offset: z.coerce.number().int().default(0),
  length: z.coerce.number().int().min(1).max(4_194_304).default(262_144),
  /** Whole file as a download, byte for byte; offset and length are ignored. */
  download: z.enum(["1"]).optional(),
});
export type LogQuery = z.infer<typeof LogQuery>;

export const LogSearchQuery = z.object({
  q: z.string().min(1).max(200),
  generation: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const LogSearchResult = z.object({
  /** Byte offset of the line's start, its number from 1, and its text (at most 400 characters). */
  matches: z.array(z.object({ offset: z.number().int(), line: z.number().int(), text: z.string() })),
  isTruncated: z.boolean(),
});
export type LogSearchResult = z.infer<typeof LogSearchResult>;

/** GET /attempts/{id}/scalars. Values beyond JSON (NaN, ±Infinity) travel as the strings "NaN", "Infinity", "-Infinity". */
export const ScalarsQuery = z.object({
  /** Comma-separated canonical tags; all when missing. */
  tags: z.string().max(4000).optional(),
  /** At most about this many points a series, reduced by min-max so that every spike stays. */
  points: z.coerce.number().int().min(10).max(20_000).default(2000),
  /** Only points after these steps, not reduced: "<seriesId>:<step>,…". Series that are not named come whole. */
  after: z.string().max(8000).optional(),
});
export type ScalarsQuery = z.infer<typeof ScalarsQuery>;

export const ScalarNumber = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
export type ScalarNumber = z.infer<typeof ScalarNumber>;
/** Columns of one series, ordered by step. */
export const ScalarSeries = z.object({
  seriesId: z.number().int(),
  tag: z.string(),
  source: z.enum(["log", "events"]),
  sourceTag: z.string(),
  steps: z.array(z.number()),
  values: z.array(ScalarNumber),
  /** Unix seconds; null where the source has none. */
  wallTimes: z.array(z.number().nullable()),
  /** Training samples that one step stands for: steps times this is the third x axis. null where steps are no such steps. */
  samplesPerStep: z.number().nullable(),
  /** Points stored, before reduction. */
  pointCount: z.number().int(),
  isReduced: z.boolean(),
});
export type ScalarSeries = z.infer<typeof ScalarSeries>;
export const ScalarsResult = z.object({ series: z.array(ScalarSeries) });
export type ScalarsResult = z.infer<typeof ScalarsResult>;

/** A file or directory of the attempt's directory or outputs, as the node lists it now. */
export const RemoteFile = z.object({
  name: z.string(),
  path: z.string(),
  type: z.enum(["file", "directory", "link", "other"]),
  sizeBytes: z.number(),
  modifiedAt: Timestamp,
});
export type RemoteFile = z.infer<typeof RemoteFile>;
/** `root` chooses the tree; `path` is relative to it and may not leave it. */
export const ListFilesQuery = z.object({
  root: z.enum(["output", "attempt"]).default("output"),
  path: z.string().max(1024).default(""),
});
export type ListFilesQuery = z.infer<typeof ListFilesQuery>;
