import { readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { installContainer } from "@/server/container";
import { API_ROUTES, type ApiRoute, type RouteName } from "@/server/contracts/api-routes";
import { ErrorBody } from "@/server/contracts/errors";
import { type Asked, testContainer } from "./test-container";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;
const ROOT = join(dirname(fileURLToPath(import.meta.url)), "v1");
const TABLE = Object.entries(API_ROUTES) as [RouteName, ApiRoute][];
const ID = "5f0c1f3e-8d1f-4c57-9a51-1c1f3b1b7a01";

interface FoundRoute {
  operation: string;
  call: (request: Request, params: Record<string, string>) => Promise<Response>;
}
/** By "GET /nodes/{id}". */
const found = new Map<string, FoundRoute>();
let asked: Asked;

beforeAll(async () => {
  const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith("route.ts"),
  );
  for (const file of files) {
    const path = `/${relative(".", dirname(file)).replaceAll(/\[(\w+)\]/g, "{$1}")}`;
    const module: Record<string, unknown> = await import(join(ROOT, file));
    for (const method of METHODS) {
      const handler = module[method];
      if (typeof handler !== "function") continue;
      const operation = "operation" in handler ? String(handler.operation) : "none";
      const call = (request: Request, params: Record<string, string>) =>
        handler(request, { params: Promise.resolve(params) });
      found.set(`${method} ${path}`, { operation, call });
    }
  }
});
afterEach(() => installContainer(testContainer().app));

const keyOf = (route: ApiRoute) => `${route.method} ${route.path}`;

function ask(
  route: ApiRoute,
  options: { headers?: Record<string, string>; body?: string } = {},
): Promise<Response> {
  const handler = found.get(keyOf(route));
  if (handler === undefined) throw new Error(`${keyOf(route)} has no route file`);
  const url = `http://127.0.0.1:3000/api/v1${route.path.replace("{id}", ID)}`;
  const hasBody = route.method !== "GET" && options.body !== undefined;
  const request = new Request(url, {
    method: route.method,
    headers: options.headers ?? {},
    ...(hasBody ? { body: options.body ?? "" } : {}),
  });
  return handler.call(request, route.path.includes("{id}") ? { id: ID } : {});
}

function as(options: Parameters<typeof testContainer>[0]): void {
  const made = testContainer(options);
  asked = made.asked;
  installContainer(made.app);
}

async function codeOf(response: Response): Promise<string> {
  return ErrorBody.parse(await response.json()).error.code;
}

const COOKIE_PAGE = {
  origin: "http://127.0.0.1:3000",
  "sec-fetch-site": "same-origin",
  "content-type": "application/json",
};

describe("the route table", () => {
  it("has exactly the routes that exist as files, under their own operation", () => {
    const table = new Map(TABLE.map(([name, route]) => [keyOf(route), name]));
    expect([...found.keys()].sort()).toEqual([...table.keys()].sort());
    for (const [key, { operation }] of found) expect(operation, key).toBe(table.get(key));
  });

  it("leaves only health open to everybody", () => {
    expect(TABLE.filter(([, route]) => route.access === "public").map(([name]) => name)).toEqual([
      "getHealth",
    ]);
  });

  it("needs more than looking for everything that changes something, except one's own tokens", () => {
    const changing = TABLE.filter(([, route]) => route.method !== "GET" && route.access === "viewer");
    expect(changing.map(([name]) => name).sort()).toEqual(["createToken", "revokeToken"]);
  });
});

describe("who is refused", () => {
  it.each(TABLE.filter(([, route]) => route.access !== "public"))(
    "%s refuses anonymous callers",
    async (_name, route) => {
      as({ actor: null });
      const response = await ask(route);
      expect(response.status).toBe(401);
      expect(await codeOf(response)).toBe("UNAUTHENTICATED");
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(asked).toEqual([]);
    },
  );

  it.each(TABLE.filter(([, route]) => route.access === "operator" || route.access === "admin"))(
    "%s refuses viewers",
    async (_name, route) => {
      as({ role: "viewer" });
      const response = await ask(route, { headers: COOKIE_PAGE, body: "{}" });
      expect(response.status).toBe(403);
      expect(asked).toEqual([]);
    },
  );

  it.each(TABLE.filter(([, route]) => route.method !== "GET"))(
    "%s refuses another site's page",
    async (_name, route) => {
      as({});
      for (const headers of [
        { origin: "https://evil.example" },
        { origin: "null" },
        {},
        { ...COOKIE_PAGE, "sec-fetch-site": "cross-site" },
      ]) {
        expect((await ask(route, { headers: headers as Record<string, string>, body: "{}" })).status).toBe(
          403,
        );
      }
      expect(asked).toEqual([]);
    },
  );

  it("refuses a session whose one-time password is still in use", async () => {
    as({ mustChangePassword: true });
    const response = await ask(API_ROUTES.listNodes);
    expect(response.status).toBe(412);
    expect(asked).toEqual([]);
  });
});

describe("what reaches a verb", () => {
  it("lets a token act without an origin", async () => {
    as({ via: "token" });
    const body = JSON.stringify({ name: "ci" });
    const response = await ask(API_ROUTES.createToken, {
      headers: { "content-type": "application/json" },
      body,
    });
    expect(response.status).toBe(201);
    expect(asked).toEqual([{ verb: "createToken", input: { name: "ci", expiresInDays: null } }]);
  });

  it("names the field of every problem", async () => {
    as({});
    const body = JSON.stringify({
      name: "",
      host: "-oProxyCommand=x",
      username: "u",
      credential: { method: "password", password: "" },
    });
    const response = await ask(API_ROUTES.createNode, { headers: COOKIE_PAGE, body });
    expect(response.status).toBe(400);
    const { error } = ErrorBody.parse(await response.json());
    expect(error.details?.fields?.map(({ path }) => path)).toEqual(["name", "host", "credential.password"]);
    expect(asked).toEqual([]);
  });

  it.each([
    ["no JSON", "{", COOKIE_PAGE],
    ["another content type", "{}", { ...COOKIE_PAGE, "content-type": "text/plain" }],
    ["a body past the limit", JSON.stringify({ name: "x".repeat(300_000) }), COOKIE_PAGE],
  ])("refuses %s", async (_what, body, headers) => {
    as({});
    const response = await ask(API_ROUTES.createToken, { headers, body });
    expect(response.status).toBe(400);
    expect(asked).toEqual([]);
  });

  it("takes a body that was cut off for no fault of the server", async () => {
    const { app, asked: verbs } = testContainer();
    const logged: unknown[] = [];
    installContainer(Object.assign(app, { log: { error: (line: unknown) => logged.push(line) } }));
    const body = new ReadableStream({ start: (stream) => stream.error(new Error("aborted")) });
    const request = new Request("http://127.0.0.1:3000/api/v1/estimates", {
      ...{ method: "POST", headers: COOKIE_PAGE, body, duplex: "half" },
    });
    const response = await found.get("POST /estimates")?.call(request, {});
    expect(response?.status).toBe(400);
    expect([logged, verbs]).toEqual([[], []]);
  });

  it("tells nothing of an unexpected failure but a request id", async () => {
    as({ failWith: new Error("password of node 7 is hunter2") });
    const response = await ask(API_ROUTES.listTokens);
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toContain("hunter2");
    expect(response.headers.get("x-request-id")).toBe(ErrorBody.parse(JSON.parse(text)).error.requestId);
  });

  it("says so when the database is away", async () => {
    as({ failWith: new Error("ECONNREFUSED"), isDatabaseAvailable: false });
    const { error } = ErrorBody.parse(await (await ask(API_ROUTES.listTokens)).json());
    expect(error.message).toContain("database");
  });
});

describe("the OpenAPI document", () => {
  it("describes every route with its schemas", async () => {
    as({});
    const document = (await (await ask(API_ROUTES.getOpenApi)).json()) as {
      openapi: string;
      paths: Record<
        string,
        Record<string, { operationId: string; requestBody?: unknown; parameters: { name: string }[] }>
      >;
    };
    expect(document.openapi).toBe("3.1.0");
    for (const [name, route] of TABLE) {
      const operation = document.paths[route.path]?.[route.method.toLowerCase()];
      expect(operation?.operationId).toBe(name);
      expect(operation?.requestBody !== undefined, name).toBe((route.body ?? route.rawBody) !== undefined);
      const parameters = operation?.parameters.map((parameter) => parameter.name) ?? [];
      if (route.path.includes("{id}")) expect(parameters, name).toContain("id");
    }
  });
});
