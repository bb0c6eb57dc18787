import type { Context } from "../context";
import type { PracticeAddress } from "../contracts/nodes";
import { AppError } from "../errors";
import type { NodePorts } from "./ports";

/** @throws AppError NOT_FOUND where the practice node is switched off */
export async function getPracticeAddress({
  ctx,
  ports,
}: {
  ctx: Context;
  ports: NodePorts;
}): Promise<PracticeAddress> {
  const server = await ports.practice();
  if (server === null) {
    throw new AppError("NOT_FOUND", "The practice node does not run.", {
      hint: "Start Trainyard with TRAINYARD_PRACTICE=on.",
    });
  }
  const { host, port, username, password } = server;
  const added = await ctx.db.prisma.node.count({ where: { isPractice: true, removedAt: null } });
  return { host, port, username, password, isAdded: added > 0 };
}
