import type { PoolClient } from "pg";
import type { Context } from "../context";

export interface AuditEntry {
  /** run.create, run.stop, node.delete … */
  action: string;
  /** "run <id>", "node <id>" */
  object: string;
  /** Never a secret: names and numbers only. */
  detail?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Who did what, in the caller's transaction: what was rolled back is not in the trail, what happened is. */
export async function recordAudit(client: PoolClient, ctx: Context, entry: AuditEntry): Promise<void> {
  await client.query(
    `INSERT INTO audit_event (at, actor, action, object, detail) VALUES ($1, $2, $3, $4, $5)`,
    [
      ctx.now(),
      ctx.actor.name,
      entry.action,
      entry.object,
      entry.detail ? JSON.stringify(entry.detail) : null,
    ],
  );
}
