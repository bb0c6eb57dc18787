/** What better-auth's endpoints answer when they refuse; only the code is ours to interpret. */
interface Refusal {
  code?: unknown;
  message?: unknown;
}

export type AuthResult = { isOk: true } | { isOk: false; message: string };

const MESSAGE: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: "This e-mail address and password do not belong together.",
  INVALID_PASSWORD: "The current password is not right.",
  PASSWORD_TOO_SHORT: "The new password is too short.",
  PASSWORD_TOO_LONG: "The new password is too long.",
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
    if (reply.status === 429)
      return { isOk: false, message: "Too many tries. Wait a minute, then try again." };
    // An answer without a JSON body still gets a message, by its status.
    const refusal: Refusal = await reply.json().catch(() => ({}));
    return { isOk: false, message: messageOf(refusal, reply.status) };
  } catch {
    return { isOk: false, message: "Trainyard does not answer. Check that it is running, then try again." };
  }
}

function messageOf(refusal: Refusal, status: number): string {
  const known = typeof refusal.code === "string" ? MESSAGE[refusal.code] : undefined;
  if (known !== undefined) return known;
  return typeof refusal.message === "string" ? refusal.message : `The server answered with status ${status}.`;
}

/** Only a path of this site may follow a sign-in. */
export function safeNext(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) ? next : "/";
}
