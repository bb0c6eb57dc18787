import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestActor } from "../../container";
import { type Database, pendingMigrations } from "../../db";
import type { Logger } from "../../log";
import { headersOf } from "../headers-of";
import type { LinkClient } from "../link-client";
import { isFromThisMachine } from "./is-from-this-machine";
import { Metrics } from "./metrics";
import { type Readiness, readReadiness } from "./readiness";

/** The live parts, once they are there. */
export interface OperatedParts {
  checkDatabase: () => Promise<boolean>;
  isWorkerConnected: () => boolean;
  link: LinkClient;
  actorOf: (headers: Headers) => Promise<RequestActor | null>;
}

export interface OperationsOptions {
  db: Database;
  log: Logger;
  /** The project's directory, with prisma/. */
  root: string;
  origin: () => string;
  live: () => OperatedParts | null;
  hasPages: () => boolean;
}

/** Resolves to false for every path that is not one of these. */
export type Operations = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** `/healthz`, `/readyz` and `/metrics`: for service managers, load balancers and Prometheus. None of them signs in. */
export function createOperations(options: OperationsOptions): Operations {
  const { db, log, root } = options;
  const metrics = new Metrics({ pool: db.pool, log, link: () => options.live()?.link ?? null });
  let asking: Promise<Readiness> | null = null;
  const readiness = () => {
    asking ??= readReadiness({
      log,
      live: options.live,
      hasPages: options.hasPages,
      pendingMigrations: () => pendingMigrations(db.pool, root),
    }).finally(() => {
      asking = null;
    });
    return asking;
  };
  const answers: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => unknown>> = {
    "/healthz": (_request, response) => sendJson(response, 200, { status: "alive" }),
    "/readyz": async (_request, response) => {
      const { isReady, checks } = await readiness();
      sendJson(response, isReady ? 200 : 503, { status: isReady ? "ready" : "not ready", checks });
    },
    "/metrics": async (request, response) => {
      if (await mayReadMetrics(request, options)) {
        send(response, { status: 200, type: metrics.contentType, body: await metrics.read() });
      } else refuse(response);
    },
  };
  return async (request, response) => {
    const answer = answers[request.url?.split("?")[0] ?? ""];
    if (answer === undefined) return false;
    if (request.method === "GET" || request.method === "HEAD") await answer(request, response);
    else response.writeHead(405, { allow: "GET, HEAD" }).end();
    return true;
  };
}

/** Programs on this machine, and who has an API token. A cookie does not count: no page needs this. */
async function mayReadMetrics(request: IncomingMessage, options: OperationsOptions): Promise<boolean> {
  if (isFromThisMachine(request, options.origin())) return true;
  if (request.headers.authorization === undefined) return false;
  const actor = await options
    .live()
    ?.actorOf(headersOf(request))
    .catch((error: unknown) => {
      options.log.debug({ err: error }, "a token cannot be looked up");
      return null;
    });
  return actor?.via === "token";
}

function refuse(response: ServerResponse): void {
  const body = "Metrics are for this machine, or for an API token: Authorization: Bearer …\n";
  response.setHeader("www-authenticate", 'Bearer realm="metrics"');
  send(response, { status: 401, type: "text/plain; charset=utf-8", body });
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  send(response, { status, type: "application/json; charset=utf-8", body: `${JSON.stringify(value)}\n` });
}

function send(response: ServerResponse, reply: { status: number; type: string; body: string }): void {
  const { status, type, body } = reply;
  const length = Buffer.byteLength(body);
  response.writeHead(status, { "content-type": type, "content-length": length, "cache-control": "no-store" });
  // Node leaves the body out for HEAD.
  response.end(body);
}
