import type { LogEvidence } from "../scalars";

export type FileKind = "log" | "events" | "answers";

/** Where reading of one generation of a node's file stands. `offset` bytes of it are in Postgres. */
export interface FileCursor {
  fileId: string;
  attemptId: string;
  /** Below the attempt's or output directory. */
  path: string;
  kind: FileKind;
  generation: number;
  offset: number;
  /** Last seen on the node. */
  size: number;
  isComplete: boolean;
  /** SHA-256, hex, of the first `headLength` bytes (at most 4,096). */
  headHash: string | null;
  headLength: number;
  /** device:inode */
  identity: string;
  corruptRecords: number;
  /** Of the incremental parser at `offset`. */
  parserState: unknown;
  /** Came out of an append: bytes are followed as they are written, so they are as old as the last look. */
  isFollowed?: boolean;
}

export interface AppendResult {
  cursor: FileCursor;
  /** New scalars stored by this step. */
  scalarCount: number;
  /** null: the file does not tell. */
  progress: { stepsDone: number | null; stepsTotal: number | null } | null;
  /** Cumulative over the file. */
  evidence: LogEvidence;
  answersChanged: boolean;
}

export const CURSOR_COLUMNS = `id, "attemptId", path, kind, generation, "offset"::float8 AS offset, size::float8 AS size,
  "isComplete", "headHash", "headLength", identity, "corruptRecords", "parserState"`;

export interface CursorRow {
  id: string;
  attemptId: string;
  path: string;
  kind: FileKind;
  generation: number;
  offset: number;
  size: number;
  isComplete: boolean;
  headHash: string | null;
  headLength: number;
  identity: string;
  corruptRecords: number;
  parserState: unknown;
}

export function cursorOf({ id, ...row }: CursorRow): FileCursor {
  return { fileId: id, ...row };
}
