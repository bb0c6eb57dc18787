import { randomUUID } from "node:crypto";
import type { ErrorBody, ErrorCode } from "../contracts/errors";
import { ChangePasswordInput, type SessionView } from "../contracts/session";
import type { Database } from "../db";
import { httpStatus } from "../errors";
import type { Auth } from "./create-auth";
import { sessionOf } from "./session-of";

/** The only endpoints of the library that exist for us. */
const ALLOWED = new Set([
  "POST /api/auth/sign-in/email",
  "POST /api/auth/sign-out",
  "POST /api/auth/change-password",
  "GET /api/auth/get-session",
]);

const MAX_BODY_BYTES = 16_384;

export interface AuthForwarder {
  auth: Auth;
  db: Database;
  origin: string;
  /** Sessions of a user that have just ended: closes their sockets. */
  onSessionsEnded: (ended: { userId: string; sessionId?: string }) => void;
}

/** Hands an allowed request to better-auth; failures come back in our own error shape. Anything else does not exist. */
export async function forwardAuth(parts: AuthForwarder, request: Request): Promise<Response> {
  const operation = `${request.method} ${new URL(request.url).pathname}`;
  if (!ALLOWED.has(operation)) return refuse("NOT_FOUND", "There is no such page.");
  if (request.method === "POST" && !isSmall(request)) return refuse("VALIDATION", "The body is too large.");
  if (request.method === "POST" && !isOwnPage(request, parts.origin))
    return refuse("FORBIDDEN", OTHER_ORIGIN);
  if (operation.endsWith("/change-password")) return changePassword(parts, request);
  if (operation.endsWith("/sign-out")) return signOut(parts, request);
  if (operation.endsWith("/get-session")) return getSession(parts, request);
  return translate(await parts.auth.handler(request), operation);
}

async function getSession(parts: AuthForwarder, request: Request): Promise<Response> {
  const session = await sessionOf(parts.auth, request.headers);
  const view: SessionView | null = session && { user: session.user, expiresAt: session.expiresAt };
  return Response.json(view, { headers: { "cache-control": "no-store" } });
}

/** The library reads a body whole. A form's body always says how long it is; what does not is not a form. */
function isSmall(request: Request): boolean {
  const length = Number(request.headers.get("content-length") ?? (request.body === null ? 0 : Number.NaN));
  return length <= MAX_BODY_BYTES;
}

/** Another site must not sign a browser in or out. A program has neither an origin nor a cookie. */
function isOwnPage({ headers }: Request, origin: string): boolean {
  const from = headers.get("origin");
  return from === null ? !headers.has("sec-fetch-site") && !headers.has("cookie") : from === origin;
}

async function signOut(parts: AuthForwarder, request: Request): Promise<Response> {
  const session = await sessionOf(parts.auth, request.headers);
  const response = await translate(await parts.auth.handler(request), "sign-out");
  if (session !== null && response.ok) {
    parts.onSessionsEnded({ userId: session.user.id, sessionId: session.sessionId });
  }
  return response;
}

async function changePassword(parts: AuthForwarder, request: Request): Promise<Response> {
  const session = await sessionOf(parts.auth, request.headers);
  if (session === null) return refuse("UNAUTHENTICATED", "Sign in first.");
  const body = ChangePasswordInput.safeParse(await request.json().catch(() => null));
  if (!body.success) return refuse("VALIDATION", body.error.issues[0]?.message ?? "The input is not valid.");
  if (body.data.currentPassword === body.data.newPassword) {
    return refuse("VALIDATION", "Choose a password that differs from the current one.");
  }
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  const forwarded = new Request(request.url, {
    method: "POST",
    headers,
    body: JSON.stringify({ ...body.data, revokeOtherSessions: true }),
  });
  const response = await translate(await parts.auth.handler(forwarded), "change-password");
  if (response.ok) {
    await parts.db.prisma.user.update({
      where: { id: session.user.id },
      data: { mustChangePassword: false },
    });
    parts.onSessionsEnded({ userId: session.user.id });
  }
  return response;
}

const CODE_OF_STATUS: Record<number, ErrorCode> = {
  400: "VALIDATION",
  401: "UNAUTHENTICATED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  415: "VALIDATION",
  422: "VALIDATION",
  429: "LIMIT",
};

const OTHER_ORIGIN =
  "This page was opened under another address than the server is set up for. Set TRAINYARD_ORIGIN to the one in the address bar.";

const OUR_WORDS: Partial<Record<string, string>> = {
  INVALID_EMAIL_OR_PASSWORD: "The e-mail address or the password is wrong.",
  INVALID_PASSWORD: "The current password is wrong.",
  INVALID_EMAIL: "Enter your e-mail address.",
};

async function translate(response: Response, operation: string): Promise<Response> {
  if (response.ok) return withoutToken(response);
  const code = CODE_OF_STATUS[response.status] ?? "INTERNAL";
  if (code === "LIMIT") {
    const seconds = response.headers.get("x-retry-after") ?? "60";
    return refuse("LIMIT", `Too many attempts. Try again in ${seconds} s.`, {
      headers: { "retry-after": seconds },
    });
  }
  const body: unknown = await response.json().catch(() => null);
  const reason = typeof body === "object" && body !== null && "code" in body ? String(body.code) : code;
  const fallback = code === "INTERNAL" ? "Something went wrong on our side." : `${operation}: refused.`;
  return refuse(code, OUR_WORDS[reason] ?? fallback, { reason });
}

/** The session token stands in the cookie, where scripts cannot read it; the library would repeat it in the body. */
function withoutToken(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  headers.set("cache-control", "no-store");
  return Response.json({ ok: true }, { headers });
}

/** Our error shape, and beside it the two fields that clients of better-auth read. */
function refuse(
  code: ErrorCode,
  message: string,
  extra: { headers?: Record<string, string>; reason?: string } = {},
): Response {
  const body: ErrorBody = { error: { code, message, requestId: randomUUID() } };
  return Response.json(
    { ...body, code: extra.reason ?? code, message },
    { status: httpStatus(code), headers: { ...extra.headers, "cache-control": "no-store" } },
  );
}
