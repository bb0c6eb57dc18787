import type { Context } from "../context";
import { validationError } from "../errors";

interface Address {
  name?: string | undefined;
  host?: string | undefined;
  port?: number | undefined;
  username?: string | undefined;
}

/** Two nodes of one name confuse people; two of one address would lease the same GPUs twice. @throws AppError VALIDATION */
export async function refuseDuplicate(ctx: Context, address: Address, exceptId?: string): Promise<void> {
  const others = { removedAt: null, ...(exceptId === undefined ? {} : { id: { not: exceptId } }) };
  const { name, host, port, username } = address;
  if (name !== undefined && (await ctx.db.prisma.node.count({ where: { ...others, name } })) > 0) {
    throw validationError([{ path: "name", message: `Another node is called ${name}.` }]);
  }
  if (host === undefined || port === undefined || username === undefined) return;
  const same = await ctx.db.prisma.node.findFirst({
    where: { ...others, host, port, username },
    select: { name: true },
  });
  if (same !== null) {
    throw validationError([
      { path: "host", message: `${username}@${host}:${port} is already here as ${same.name}.` },
    ]);
  }
}
