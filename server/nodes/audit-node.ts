import type { Context } from "../context";
import type { Prisma } from "../db";

/** The audit row of something done to a node; written in the same transaction. Never a secret: names and numbers only. */
export function nodeAudit(
  ctx: Context,
  action: "node.create" | "node.update",
  node: { id: string; detail: Readonly<Record<string, string | number | boolean>> },
): Prisma.AuditEventCreateInput {
  return { at: ctx.now(), actor: ctx.actor.name, action, object: `node ${node.id}`, detail: node.detail };
}
