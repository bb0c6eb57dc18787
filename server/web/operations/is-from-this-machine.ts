import type { IncomingMessage } from "node:http";

const LOOPBACK_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);
const LOOPBACK_ADDRESS = /^(?:::ffff:)?127\.|^::1$/;
/** What proxies add: behind one, every stranger comes from loopback. */
const FORWARDING_HEADERS = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/**
 * A program on this very machine, and surely no proxy's client: the connection comes from loopback, asks for a loopback
 * name (which a page of another site cannot), nothing says that it was forwarded, and Trainyard's own address is a
 * loopback one. Ask before headers are cleaned.
 */
export function isFromThisMachine(request: IncomingMessage, origin: string): boolean {
  const host = request.headers.host ?? "";
  return (
    LOOPBACK_ADDRESS.test(request.socket.remoteAddress ?? "") &&
    URL.canParse(`http://${host}`) &&
    LOOPBACK_NAMES.has(new URL(`http://${host}`).hostname) &&
    LOOPBACK_NAMES.has(new URL(origin).hostname) &&
    FORWARDING_HEADERS.every((name) => request.headers[name] === undefined)
  );
}
