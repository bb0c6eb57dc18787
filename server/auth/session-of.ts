import { ROLES, type Role, type SessionView } from "../contracts/session";
import type { Auth } from "./create-auth";

export interface SignedIn extends SessionView {
  sessionId: string;
}

/** Who the session cookie of these headers belongs to; null: nobody, or the session has ended. */
export async function sessionOf(auth: Auth, headers: Headers): Promise<SignedIn | null> {
  const found = await auth.api.getSession({ headers });
  if (found === null) return null;
  const { user, session } = found;
  return {
    sessionId: session.id,
    user: {
      id: user.id,
      email: user.email,
      name: user.name,
      role: roleOf(user.role),
      mustChangePassword: user.mustChangePassword === true,
    },
    expiresAt: session.expiresAt.toISOString(),
  };
}

/** A role that we do not know may only look. */
export function roleOf(value: unknown): Role {
  return ROLES.find((role) => role === value) ?? "viewer";
}
