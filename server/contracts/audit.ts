import { z } from "zod";
import { PageQuery, Timestamp } from "./primitives";

const Filter = z.object({
  /** Part of the actor's name, whatever the case. */
  actor: z.string().trim().max(200).optional(),
  /** An action, or the beginning of several: "run." */
  action: z.string().trim().max(100).optional(),
  /** Part of the object: "node", or an id. */
  object: z.string().trim().max(200).optional(),
  from: Timestamp.optional(),
  to: Timestamp.optional(),
});
export type AuditFilter = z.infer<typeof Filter>;

export const AuditQuery = Filter.extend(PageQuery.shape);
export type AuditQuery = z.infer<typeof AuditQuery>;

export const AUDIT_FORMATS = ["csv", "jsonl"] as const;
export const AuditExportQuery = Filter.extend({ format: z.enum(AUDIT_FORMATS).default("csv") });

const HASH_WORDS = "is 64 hex digits, as the newest row shows them.";
const Hash = z.string().regex(/^[0-9a-f]{64}$/, HASH_WORDS);
const RowId = z.string().regex(/^\d{1,18}$/, "is the number of a row.");

export const AuditView = z.object({
  id: RowId,
  at: Timestamp,
  actor: z.string(),
  action: z.string(),
  object: z.string(),
  detail: z.record(z.string(), z.unknown()).nullable(),
  /** SHA-256 over the hash of the row before and this row. */
  hash: Hash,
});
export type AuditView = z.infer<typeof AuditView>;

/** A row whose hash was noted elsewhere: both or neither. */
export const VerifyAuditQuery = z
  .object({ id: RowId.optional(), hash: Hash.optional() })
  .refine(({ id, hash }) => (id === undefined) === (hash === undefined), {
    path: ["hash"],
    message: "Give the number of a row and its hash together.",
  });

export const AuditVerdict = z.object({
  rows: z.number().int(),
  newest: z.object({ id: RowId, hash: Hash }).nullable(),
  /** The first row that is not as it was written, follows one that is missing, or is missing itself. */
  firstBroken: RowId.nullable(),
});
export type AuditVerdict = z.infer<typeof AuditVerdict>;
