import type pg from "pg";
import type { z } from "zod";
import type { Context } from "../context";
import { type AuditFilter, AuditQuery, type AuditView } from "../contracts/audit";
import type { Page } from "../contracts/primitives";
import { validationError } from "../errors";

/** A row as it is kept. `text` is what was hashed, after the hash of the row before. */
export interface AuditRow extends AuditView {
  previousHash: string;
  text: string;
}

/** Newest first. The cursor is the number of the last row. @throws AppError VALIDATION */
export async function listAudit({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof AuditQuery>;
}): Promise<Page<AuditView>> {
  const query = AuditQuery.parse(input);
  const rows = await auditRows(ctx.db.pool, {
    ...query,
    before: placeOf(query.cursor),
    limit: query.limit + 1,
  });
  const items = rows.slice(0, query.limit).map(({ previousHash: _previous, text: _text, ...view }) => view);
  return { items, nextCursor: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
}

function placeOf(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (/^\d{1,18}$/.test(cursor)) return cursor;
  throw validationError([{ path: "cursor", message: "This is not a cursor of this list." }]);
}

const ROWS = `SELECT e.id::text, e.at, e.actor, e.action, e.object, e.detail, encode(e.hash, 'hex') AS hash,
    encode(e."previousHash", 'hex') AS "previousHash", audit_event_text(e.*) AS text
  FROM audit_event e
  WHERE ($1::bigint IS NULL OR e.id < $1)
    AND ($2::text IS NULL OR strpos(lower(e.actor), lower($2)) > 0)
    AND ($3::text IS NULL OR starts_with(e.action, $3))
    AND ($4::text IS NULL OR strpos(lower(e.object), lower($4)) > 0)
    AND ($5::timestamptz IS NULL OR e.at >= $5) AND ($6::timestamptz IS NULL OR e.at < $6)
  ORDER BY e.id DESC LIMIT $7`;

/** Rows before the one numbered `before`, newest first. */
export async function auditRows(
  pool: pg.Pool,
  { actor, action, object, from, to, before, limit }: AuditFilter & { before: string | null; limit: number },
): Promise<AuditRow[]> {
  const filter = [actor, action, object, from, to].map((value) => value || null);
  const { rows } = await pool.query<Omit<AuditRow, "at"> & { at: Date }>(ROWS, [before, ...filter, limit]);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
