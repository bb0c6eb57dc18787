import { z } from "zod";
import { API_ROUTES, type ApiRoute, type RouteName } from "@/server/contracts/api-routes";
import { ErrorBody } from "@/server/contracts/errors";

type Json = Record<string, unknown>;

/** OpenAPI 3.1 of every route, made from the very schemas that check requests. */
export function openApiDocument({ version, origin }: { version: string; origin: string }): Json {
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries(API_ROUTES) as [RouteName, ApiRoute][]) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(name, route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Trainyard",
      version,
      description:
        "Everything that the pages do. Send a token made under Settings: `Authorization: Bearer ty_…`.",
    },
    servers: [{ url: `${origin}/api/v1` }],
    security: [{ bearer: [] }],
    tags: [...new Set(Object.values(API_ROUTES).map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      schemas: { Error: schemaOf(ErrorBody, "output") },
      responses: {
        Error: {
          description: "What went wrong, with a code of a fixed list and the field where it has one.",
          content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
        },
      },
    },
  };
}

function operation(name: RouteName, route: ApiRoute): Json {
  return {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    ...(route.access === "public" ? { security: [] } : { "x-role": route.access }),
    parameters: [...parametersOf(route.params, "path"), ...parametersOf(route.query, "query")],
    ...requestBodyOf(route),
    responses: {
      [String(route.status ?? 200)]: { description: "Success.", content: contentOf(route) },
      default: { $ref: "#/components/responses/Error" },
    },
  };
}

function requestBodyOf({ body, rawBody }: ApiRoute): Json {
  if (rawBody !== undefined) {
    const content = { [rawBody]: { schema: { type: "string", format: "binary" } } };
    return { requestBody: { required: true, content } };
  }
  if (body === undefined) return {};
  const content = { "application/json": { schema: schemaOf(body, "input") } };
  return { requestBody: { required: true, content } };
}

function contentOf(route: ApiRoute): Json {
  if (route.output !== null) return { "application/json": { schema: schemaOf(route.output, "output") } };
  return { [route.contentType ?? "application/octet-stream"]: {} };
}

function parametersOf(schema: z.ZodObject | undefined, where: "path" | "query"): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, "input") as {
    properties?: Json;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === "path" || required.includes(name),
    schema: property,
  }));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    target: "draft-2020-12",
    io,
    unrepresentable: "any",
  });
  return json;
}
