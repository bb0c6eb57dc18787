/** What better-auth's endpoints answer when they refuse; only the code is ours to interpret. */
interface Refusal {
  code?: unknown;
  message?: unknown;
}

/** `field`: the one box that is wrong; null: it is about none, or about all. */
export type AuthResult = { isOk: true } | { isOk: false; message: string; field: PasswordField | null };
export type PasswordField = "currentPassword" | "newPassword" | "repeated";

const REFUSALS: Readonly<Record<string, { message: string; field: PasswordField | null }>> = {
  INVALID_EMAIL_OR_PASSWORD: {
    message: "This e-mail address and password do not belong together.",
    field: null,
  },
  INVALID_PASSWORD: { message: "The current password is not right.", field: "currentPassword" },
  PASSWORD_TOO_SHORT: { message: "The new password is too short.", field: "newPassword" },
  PASSWORD_TOO_LONG: { message: "The new password is too long.", field: "newPassword" },
};

/** POST /api/auth/<endpoint>. Never throws: the sign-in page has nothing but this to show. */
export async function authRequest(endpoint: string, body: Record<string, unknown>): Promise<AuthResult> {
  try {
    const reply = await fetch(`/api/auth/${endpoint}`, {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (reply.ok) return { isOk: true };
    if (reply.status === 429) return failed("Too many tries. Wait a minute, then try again.");
    // An answer without a JSON body still gets a message, by its status.
    const refusal: Refusal = await reply.json().catch(() => ({}));
    const known = typeof refusal.code === "string" ? REFUSALS[refusal.code] : undefined;
    return known ? { isOk: false, ...known } : failed(messageOf(refusal, reply.status));
  } catch {
    return failed("Trainyard does not answer. Check that it is running, then try again.");
  }
}

function failed(message: string): AuthResult {
  return { isOk: false, message, field: null };
}

function messageOf(refusal: Refusal, status: number): string {
  return typeof refusal.message === "string" ? refusal.message : `The server answered with status ${status}.`;
}

/** Only a path of this site may follow a sign-in. */
export function safeNext(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) ? next : "/";
}
