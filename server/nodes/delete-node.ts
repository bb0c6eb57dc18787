import type { Context } from "../context";
import { ACTIVE_STATUSES } from "../contracts/statuses";
import { AppError } from "../errors";
import { nodeAudit } from "./audit-node";
import { nodeRow } from "./find-node";
import type { NodePorts } from "./ports";

/**
 * Removes a node and its credential. Refused while runs or evaluations are under way there. Where earlier runs belong
 * to it the row stays, hidden and without a way in, so that their history does.
 */
export async function deleteNode(parts: {
  ctx: Context;
  ports: NodePorts;
  input: { id: string };
}): Promise<Record<string, never>> {
  const { ctx, ports, input } = parts;
  const node = await nodeRow(ctx, input.id);
  await refuseWhileBusy(ctx, node);
  await ports.link.request("nodes.deleteCredential", { nodeId: node.id });
  const [runs, placements] = await Promise.all([
    ctx.db.prisma.run.count({ where: { nodeId: node.id } }),
    ctx.db.prisma.placement.count({ where: { nodeId: node.id } }),
  ]);
  const audit = nodeAudit(ctx, "node.delete", { id: node.id, detail: { name: node.name } });
  await ctx.db.prisma.$transaction([
    runs + placements === 0 ? ctx.db.prisma.node.delete({ where: { id: node.id } }) : hide(ctx, node),
    ctx.db.prisma.auditEvent.create({ data: audit }),
  ]);
  ctx.publish({ kind: "node", nodeId: node.id });
  return {};
}

function hide(ctx: Context, node: { id: string; name: string }) {
  const removedAt = ctx.now();
  return ctx.db.prisma.node.update({
    where: { id: node.id },
    data: {
      removedAt,
      name: `${node.name} (removed ${removedAt.toISOString().slice(0, 19).replace("T", " ")})`,
      connectionVersion: { increment: 1 },
      gpus: { deleteMany: {} },
    },
  });
}

async function refuseWhileBusy(ctx: Context, node: { id: string; name: string }): Promise<void> {
  const isActive = { in: [...ACTIVE_STATUSES] };
  const busy = await ctx.db.prisma.run.findMany({
    where: { nodeId: node.id, OR: [{ status: isActive }, { evaluations: { some: { status: isActive } } }] },
    select: { name: true },
    orderBy: { createdAt: "asc" },
  });
  if (busy.length === 0) return;
  const names = busy.map((run) => run.name).join(", ");
  throw new AppError("CONFLICT", `${node.name} still works on: ${names}.`, {
    hint: "Stop them first, then remove the node.",
  });
}
