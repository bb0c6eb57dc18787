import { randomInt, randomUUID } from "node:crypto";
import { hashPassword } from "better-auth/crypto";
import type { Context } from "../context";
import type { Prisma } from "../db";

const FIRST_ADMIN_EMAIL = "admin@trainyard.local";
export interface FirstAdmin {
  email: string;
  password: string;
}

// Without 0 O 1 l I: the password is read from a terminal and typed.
const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
const LOCK = 7_242_002;

/** 4 groups of 5: 100 bits. */
function oneTimePassword(): string {
  const character = () => ALPHABET[randomInt(ALPHABET.length)];
  const group = () => Array.from({ length: 5 }, character).join("");
  return Array.from({ length: 4 }, group).join("-");
}

/**
 * On an installation without users: makes an admin with a one-time password and returns both, this once.
 * Several web processes may start together; one of them makes it.
 */
export async function createFirstAdmin({ ctx }: { ctx: Context }): Promise<FirstAdmin | null> {
  if ((await ctx.db.prisma.user.count()) > 0) return null;
  return withNewPassword(ctx, async (tx, hash) => {
    if ((await tx.user.count()) > 0) return false;
    const id = randomUUID();
    await tx.user.create({
      data: {
        id,
        name: "Administrator",
        email: FIRST_ADMIN_EMAIL,
        emailVerified: true,
        role: "admin",
        mustChangePassword: true,
        accounts: { create: { id: randomUUID(), accountId: id, providerId: "credential", password: hash } },
      },
    });
    return true;
  });
}

/**
 * For whoever starts an installation: as `createFirstAdmin`, and while nobody has ever got in, a new one-time password
 * for that admin. A start that was killed before it printed the first one would else lock everybody out.
 */
export async function offerFirstAdmin({ ctx }: { ctx: Context }): Promise<FirstAdmin | null> {
  const created = await createFirstAdmin({ ctx });
  if (created !== null) return created;
  const others = await ctx.db.prisma.user.count({ where: { NOT: NOBODY_GOT_IN } });
  if (others > 0) return null;
  return withNewPassword(ctx, async (tx, password) => {
    const { count } = await tx.account.updateMany({
      where: { providerId: "credential", user: NOBODY_GOT_IN },
      data: { password },
    });
    return count === 1;
  });
}

const NOBODY_GOT_IN = {
  email: FIRST_ADMIN_EMAIL,
  mustChangePassword: true,
  sessions: { none: {} },
} satisfies Prisma.UserWhereInput;

async function withNewPassword(
  ctx: Context,
  store: (tx: Prisma.TransactionClient, hash: string) => Promise<boolean>,
): Promise<FirstAdmin | null> {
  const password = oneTimePassword();
  const hash = await hashPassword(password);
  return ctx.db.prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`;
    return (await store(tx, hash)) ? { email: FIRST_ADMIN_EMAIL, password } : null;
  });
}
