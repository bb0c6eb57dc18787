import type { Context } from "../context";
import type { AuditVerdict } from "../contracts/audit";

type KnownRow = NonNullable<AuditVerdict["newest"]>;

const BROKEN = `SELECT id::text FROM (
    SELECT e.id, e.hash IS NOT DISTINCT FROM audit_event_hash(e."previousHash", e.*) AS "isWhole",
      e."previousHash" IS NOT DISTINCT FROM coalesce(lag(e.hash) OVER (ORDER BY e.id), ''::bytea) AS "isNext"
    FROM audit_event e
  ) checked WHERE NOT ("isWhole" AND "isNext") ORDER BY id LIMIT 1`;

/**
 * Hashes the whole trail anew. A chain tells of rows that were changed or taken out between others; whether its end was
 * taken off, only who noted an earlier newest row elsewhere can tell: `known`.
 */
export async function verifyAudit({
  ctx,
  input = {},
}: {
  ctx: Context;
  input?: { known?: KnownRow | undefined };
}): Promise<AuditVerdict> {
  const { pool } = ctx.db;
  const broken = await pool.query<{ id: string }>(BROKEN);
  const counted = await pool.query<{ rows: number }>("SELECT count(*)::int AS rows FROM audit_event");
  const newest = await pool.query<KnownRow>(
    "SELECT id::text, encode(hash, 'hex') AS hash FROM audit_event ORDER BY id DESC LIMIT 1",
  );
  const found = broken.rows[0]?.id ?? null;
  return {
    rows: counted.rows[0]?.rows ?? 0,
    newest: newest.rows[0] ?? null,
    firstBroken: found ?? (await missingOf(ctx, input.known)),
  };
}

async function missingOf({ db }: Context, known: KnownRow | undefined): Promise<string | null> {
  if (known === undefined) return null;
  const { rowCount } = await db.pool.query(
    "SELECT 1 FROM audit_event WHERE id = $1 AND hash = decode($2, 'hex')",
    [known.id, known.hash],
  );
  return rowCount === 1 ? null : known.id;
}
