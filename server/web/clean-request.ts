import type { IncomingMessage } from "node:http";
import { CLIENT_ADDRESS_HEADER } from "../auth";
import { ASKED_PATH_HEADER } from "../contracts/session";

/** Headers by which a client could pretend to be the framework, the proxy in front of it, or ourselves. */
const FORGEABLE =
  /^(?:x-middleware-|x-nextjs-|x-invoke-|x-matched-path$|x-forwarded-|forwarded$|x-nonce$|content-security-policy)/;

/** Removes what only we may say; adds the address that the sign-in limiter counts by, and the path that a sign-in leads back to. */
export function cleanRequest(request: IncomingMessage): void {
  for (const name of Object.keys(request.headers)) if (FORGEABLE.test(name)) delete request.headers[name];
  request.headers[CLIENT_ADDRESS_HEADER] = (request.socket.remoteAddress ?? "unknown").replace(
    /^::ffff:/,
    "",
  );
  request.headers[ASKED_PATH_HEADER] = request.url ?? "/";
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Where to send a browser that opened another name of this very machine than the configured one (localhost for
 * 127.0.0.1): sessions and sockets belong to one origin. null: nowhere.
 */
export function otherLoopbackName(request: IncomingMessage, origin: string): string | null {
  const isPage = request.method === "GET" && request.headers["sec-fetch-dest"] === "document";
  const host = request.headers.host;
  if (!isPage || host === undefined || !URL.canParse(`http://${host}`)) return null;
  const own = new URL(origin);
  const asked = new URL(`http://${host}`);
  if (asked.host === own.host || !LOOPBACK.has(own.hostname) || !LOOPBACK.has(asked.hostname)) return null;
  return asked.port === own.port ? `${origin}${request.url ?? "/"}` : null;
}
