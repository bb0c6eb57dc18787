import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { type Container, container, type RequestActor } from "@/server/container";
import type { Context } from "@/server/context";
import { API_ROUTES, type ApiRoute, type RouteName } from "@/server/contracts/api-routes";
import { jsonBodyOf, parseWith, queryOf } from "./parse-request";
import { refuseOtherOrigins, refuseTooLittle } from "./refuse";
import { errorResponse } from "./respond";

/** Next answers HEAD with the GET handler. */
const SAFE_METHODS = new Set(["GET", "HEAD"]);

type Routes = typeof API_ROUTES;
type Parsed<R, K extends string> = R extends Record<K, infer S extends z.ZodType> ? z.output<S> : undefined;
type Answer<R> = R extends { output: infer S extends z.ZodType } ? z.output<S> : Response;

export interface Call<N extends RouteName> {
  ctx: Context;
  app: Container;
  request: Request;
  params: Parsed<Routes[N], "params">;
  query: Parsed<Routes[N], "query">;
  body: Parsed<Routes[N], "body">;
}

export interface RouteHandler {
  (request: Request, context: { params: Promise<object> }): Promise<Response>;
  operation: RouteName;
}

/** One route of the table: actor, origin, role, input, one verb, and every failure in the one error shape. */
export function handle<N extends RouteName>(
  name: N,
  verb: (call: Call<N>) => Promise<Answer<Routes[N]>>,
): RouteHandler {
  const route: ApiRoute = API_ROUTES[name];
  const handler = async (request: Request, context: { params: Promise<object> }) => {
    // Set by our own server, which drops what a client says.
    const requestId = request.headers.get("x-request-id") ?? randomUUID();
    const app = container();
    try {
      const asked = await callOf(route, { app, request, params: await context.params, requestId });
      // Safe because `asked` was parsed with the schemas of this very route.
      const answer = await verb(asked as Call<N>);
      return finish(answer, { route, requestId });
    } catch (error) {
      return errorResponse(error, { app, request, requestId });
    }
  };
  return Object.assign(handler, { operation: name });
}

async function callOf(
  route: ApiRoute,
  parts: { app: Container; request: Request; params: object; requestId: string },
): Promise<Call<RouteName>> {
  const { app, request } = parts;
  const actor = await actorFor(route, app, request);
  const found = app.contextOf(actor?.actor ?? { id: "anonymous", name: "anonymous", role: "viewer" });
  const ctx = { ...found, log: found.log.child({ requestId: parts.requestId }) };
  const params = route.params && parseWith(route.params, parts.params);
  const query = route.query && parseWith(route.query, queryOf(request));
  const body = route.body && parseWith(route.body, await jsonBodyOf(request, route.maxBodyBytes));
  return { ctx, app, request, params, query, body } as Call<RouteName>;
}

async function actorFor(route: ApiRoute, app: Container, request: Request): Promise<RequestActor | null> {
  if (route.access === "public") return null;
  const found = await app.actorOf(request.headers);
  refuseTooLittle(route.access, found);
  if (!SAFE_METHODS.has(request.method) && found?.via === "session") refuseOtherOrigins(request, app.origin);
  return found;
}

function finish(answer: unknown, parts: { route: ApiRoute; requestId: string }): Response {
  const response =
    answer instanceof Response ? answer : Response.json(answer, { status: parts.route.status ?? 200 });
  response.headers.set("cache-control", parts.route.isUncompressed ? "no-store, no-transform" : "no-store");
  response.headers.set("x-request-id", parts.requestId);
  return response;
}
