import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface SecurityOptions {
  origin: string;
  isDevelopment: boolean;
}

/** Scripts run only with this response's nonce. Inline styles are allowed: React and the charts write style attributes. */
function contentSecurityPolicy(nonce: string, { origin, isDevelopment }: SecurityOptions): string {
  const live = origin.replace(/^http/, "ws");
  // The development server rebuilds modules with eval.
  const scripts = `'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`;
  return [
    "default-src 'none'",
    `script-src 'self' ${scripts}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ${live}`,
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join("; ");
}

/** Sets the headers of every response, and tells Next the nonce by the request's own policy header, where it looks for it. */
export function applySecurityHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  options: SecurityOptions,
): void {
  const nonce = randomBytes(18).toString("base64");
  const policy = contentSecurityPolicy(nonce, options);
  request.headers["content-security-policy"] = policy;
  request.headers["x-nonce"] = nonce;
  response.setHeader("content-security-policy", policy);
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("referrer-policy", "same-origin");
  response.setHeader("x-frame-options", "DENY");
  response.setHeader("cross-origin-resource-policy", "same-origin");
  response.setHeader("permissions-policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()");
  if (!options.origin.startsWith("https://")) return;
  response.setHeader("strict-transport-security", "max-age=31536000");
  response.setHeader("cross-origin-opener-policy", "same-origin");
}
