import { createHash, randomBytes } from "node:crypto";

const PREFIX = "ty_";

/** 256 bits. A fast hash is enough for it: there is nothing to guess. */
export function newToken(): string {
  return `${PREFIX}${randomBytes(32).toString("base64url")}`;
}

export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** The part that tells tokens apart on a page. */
export function shownPrefix(token: string): string {
  return token.slice(0, 10);
}

/** The token of `Authorization: Bearer ty_…`; null when there is none of ours. */
export function bearerToken(header: string | null): string | null {
  const match = /^Bearer (ty_[A-Za-z0-9_-]{43})$/i.exec(header ?? "");
  return match?.[1] ?? null;
}
