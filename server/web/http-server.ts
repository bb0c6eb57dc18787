import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "../log";
import { cleanRequest, otherLoopbackName } from "./clean-request";
import type { Operations } from "./operations";
import { applySecurityHeaders, type SecurityOptions } from "./security-headers";

export type PageHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface HttpParts {
  security: () => SecurityOptions;
  /** null while Next is still getting ready. */
  pages: () => PageHandler | null;
  /** Upgrades outside /socket.io/: the development server's reload channel. null: none are answered. */
  otherUpgrades: () => UpgradeHandler | null;
  /** What is answered without pages and without signing in. */
  operations?: Operations;
  log?: Logger;
}

const STOP_PATIENCE_MS = 3_000;
const BODY_PATIENCE_MS = 60_000;
/** A file of 256 MiB at 1 Mbit/s takes 36 minutes. One that stops coming is given up far earlier, where it is read. */
const LIMITS = { requestTimeout: 3_600_000, headersTimeout: 20_000 };

/** `bodyPatienceMs` is how long any body but a file's may take. */
export function createHttpServer(
  parts: HttpParts,
  { bodyPatienceMs = BODY_PATIENCE_MS }: { bodyPatienceMs?: number } = {},
): Server {
  const server = createServer(LIMITS, (request, response) => {
    noteRequest(request, response, parts.log);
    if (!isFile(request)) cutSlowBody(request, response, bodyPatienceMs);
    answer(request, response, parts).catch(() => {
      if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
      response.end("Something went wrong.");
    });
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url?.startsWith("/socket.io/")) return;
    const other = parts.otherUpgrades();
    if (other === null) socket.destroy();
    else other(request, socket, head);
  });
  return server;
}

const REQUEST_ID = "x-request-id";

/** Gives the request an id of ours, which its reply and every line about it carry, and logs how it ended. */
function noteRequest(request: IncomingMessage, response: ServerResponse, log: Logger | undefined): void {
  const requestId = randomUUID();
  request.headers[REQUEST_ID] = requestId;
  response.setHeader(REQUEST_ID, requestId);
  if (log === undefined) return;
  const startedAt = performance.now();
  const { method = "", url = "" } = request;
  response.once("close", () => {
    const status = response.statusCode;
    const level = status >= 500 ? "warn" : method === "GET" || method === "HEAD" ? "debug" : "info";
    const durationMs = Math.round(performance.now() - startedAt);
    const isCutOff = !response.writableFinished;
    // Without the query: what people search for is nobody's business.
    log[level]({ requestId, method, path: url.split("?")[0], status, durationMs, isCutOff }, "request");
  });
}

function isFile({ method, url }: IncomingMessage): boolean {
  return method === "POST" && url?.split("?")[0] === "/api/v1/datasets";
}

function cutSlowBody(request: IncomingMessage, response: ServerResponse, patienceMs: number): void {
  const { socket } = request;
  const timer = setTimeout(() => {
    if (request.complete) return;
    if (response.headersSent) socket.destroy();
    else socket.end("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n", () => socket.destroy());
  }, patienceMs);
  timer.unref();
  request.once("close", () => clearTimeout(timer));
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: HttpParts): Promise<void> {
  // An absolute URL asks for another server; we are no proxy.
  if (!request.url?.startsWith("/") || request.url.startsWith("//")) {
    response.writeHead(400, { "content-type": "text/plain" }).end("This is not a proxy.");
    return;
  }
  if (await parts.operations?.(request, response)) return;
  cleanRequest(request);
  const security = parts.security();
  applySecurityHeaders(request, response, security);
  const elsewhere = otherLoopbackName(request, security.origin);
  if (elsewhere !== null) {
    response.writeHead(307, { location: elsewhere }).end();
    return;
  }
  const pages = parts.pages();
  if (pages !== null) return pages(request, response);
  response.writeHead(503, { "content-type": "text/plain", "retry-after": "1" }).end("Trainyard is starting.");
}

/** @throws Error that names the port and the setting when it cannot be used */
export function listen(server: Server, address: { host: string; port: number }): Promise<number> {
  const { host, port } = address;
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(listenError(error, address)));
    server.listen(port, host, () => {
      // Safe because a TCP server that listens has an AddressInfo.
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function listenError(cause: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): Error {
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is in use by another program. Choose another with the setting PORT, for example PORT=${port + 1}.`,
    EACCES: `Port ${port} on ${host} may not be used by this user. Choose one above 1023 with the setting PORT.`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Correct the setting HOST.`,
  };
  return new Error(reasons[cause.code ?? ""] ?? `Cannot listen on ${host}:${port}: ${cause.message}`, {
    cause,
  });
}

/** Stops accepting, lets running requests end for a few seconds, then cuts what is left. */
export async function closeHttpServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), STOP_PATIENCE_MS);
  await closed;
  clearTimeout(timer);
}
