import type pg from "pg";
import type { AppendResult } from "./file-cursor";

export interface AppendInput {
  /** What follows cursor.offset on the node. */
  bytes: Buffer;
  /** Size of the file on the node. */
  size: number;
  /** Nothing will follow: the last line counts even without its newline. */
  isComplete: boolean;
  observedAt: Date;
}

/** What one append will do, decided before the transaction so that parsing holds no lock. */
export interface AppendPlan {
  /** Where the cursor stands afterwards. */
  offset: number;
  corruptRecords: number;
  /** Plain JSON. */
  parserState: unknown;
  evidence: AppendResult["evidence"];
  write: (
    client: pg.PoolClient,
  ) => Promise<Pick<AppendResult, "scalarCount" | "progress" | "answersChanged">>;
}
