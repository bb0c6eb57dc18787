import type { Context } from "../context";
import type { AUDIT_FORMATS, AuditFilter } from "../contracts/audit";
import { renderCsvRows } from "../render-csv";
import { type AuditRow, auditRows } from "./list-audit";

const PAGE_ROWS = 1_000;
const HEADER = ["id", "at", "actor", "action", "object", "detail", "hash"];

export interface AuditExport {
  fileName: string;
  contentType: string;
  /** One page in memory at a time, newest first. */
  bytes: AsyncIterable<Buffer>;
}

/**
 * The trail as a file. JSON Lines also hold what was hashed (`text`, UTF-8, after the bytes of `previousHash`), so that the
 * chain can be followed without this database.
 */
export function exportAudit({
  ctx,
  input: { format, ...filter },
}: {
  ctx: Context;
  input: AuditFilter & { format: (typeof AUDIT_FORMATS)[number] };
}): AuditExport {
  const stamp = ctx.now().toISOString().slice(0, 10);
  const render = format === "csv" ? csvOf : jsonLinesOf;
  return {
    fileName: `audit-${stamp}.${format}`,
    contentType: format === "csv" ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8",
    bytes: pages(ctx, filter, { render, head: format === "csv" ? renderCsvRows([HEADER]) : "" }),
  };
}

async function* pages(
  { db }: Context,
  filter: AuditFilter,
  { render, head }: { render: (rows: readonly AuditRow[]) => string; head: string },
): AsyncGenerator<Buffer> {
  yield Buffer.from(head);
  let before: string | null = null;
  for (;;) {
    const rows: AuditRow[] = await auditRows(db.pool, { ...filter, before, limit: PAGE_ROWS });
    if (rows.length > 0) yield Buffer.from(render(rows));
    before = rows.at(-1)?.id ?? null;
    if (rows.length < PAGE_ROWS) return;
  }
}

function csvOf(rows: readonly AuditRow[]): string {
  return renderCsvRows(
    rows.map(({ id, at, actor, action, object, detail, hash }) => [
      id,
      at,
      actor,
      action,
      object,
      detail === null ? null : JSON.stringify(detail),
      hash,
    ]),
  );
}

function jsonLinesOf(rows: readonly AuditRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
