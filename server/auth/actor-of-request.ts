import type { RequestActor } from "../container";
import type { Database } from "../db";
import type { Auth } from "./create-auth";
import { roleOf, sessionOf } from "./session-of";
import { bearerToken, hashToken } from "./token-hash";

const LAST_USED_EVERY_MS = 60_000;

/**
 * Who asks: the owner of the API token in `Authorization: Bearer`, else of the session cookie. A bad token is nobody,
 * even beside a good cookie.
 */
export async function actorOfRequest(
  parts: { auth: Auth; db: Database; now: () => Date },
  headers: Headers,
): Promise<RequestActor | null> {
  if (headers.has("authorization")) return actorOfToken(parts, headers);
  const session = await sessionOf(parts.auth, headers);
  if (session === null) return null;
  const { id, email, role, mustChangePassword } = session.user;
  return { actor: { id, name: email, role }, via: "session", mustChangePassword };
}

async function actorOfToken(
  parts: { db: Database; now: () => Date },
  headers: Headers,
): Promise<RequestActor | null> {
  const token = bearerToken(headers.get("authorization"));
  if (token === null) return null;
  const row = await parts.db.prisma.apiToken.findUnique({
    where: { hash: hashToken(token) },
    include: { user: true },
  });
  const now = parts.now();
  if (row === null || row.revokedAt !== null || (row.expiresAt !== null && row.expiresAt <= now)) return null;
  await noteUse(parts.db, row.id, { last: row.lastUsedAt, now });
  return {
    actor: { id: row.userId, name: `token ${row.name}`, role: roleOf(row.user.role) },
    via: "token",
    mustChangePassword: false,
  };
}

/** Once a minute at most: a program that asks ten times a second must not write ten rows a second. */
async function noteUse(db: Database, id: string, times: { last: Date | null; now: Date }): Promise<void> {
  const { last, now } = times;
  if (last !== null && now.getTime() - last.getTime() < LAST_USED_EVERY_MS) return;
  await db.prisma.apiToken.updateMany({ where: { id, lastUsedAt: last }, data: { lastUsedAt: now } });
}
