import type { z } from "zod";
import { ApiError, parseErrorBody } from "./api-error";

const BASE = "/api/v1";

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

export interface RequestOptions<S extends z.ZodType> {
  /** Default GET. */
  method?: Method;
  /** Sent as JSON. */
  body?: unknown;
  /** The reply's contract. Left out: the reply is not read. */
  schema?: S;
  signal?: AbortSignal;
}

/** `path` begins with a slash, below /api/v1. Throws ApiError. */
export async function request<S extends z.ZodType = z.ZodUnknown>(
  path: string,
  options: RequestOptions<S> = {},
): Promise<z.output<S>> {
  const reply = await send(path, options);
  if (!options.schema) return undefined as z.output<S>;
  const parsed = options.schema.safeParse(await reply.json());
  if (parsed.success) return parsed.data;
  throw new ApiError(null, "The server's answer does not have the expected shape.", parsed.error);
}

/** Raw bytes with the reply's headers. Throws ApiError. */
export async function requestBytes(
  path: string,
  signal?: AbortSignal,
): Promise<{ bytes: Uint8Array; headers: Headers }> {
  const reply = await send(path, signal ? { signal } : {});
  return { bytes: new Uint8Array(await reply.arrayBuffer()), headers: reply.headers };
}

/** An address for links and downloads. */
export function apiUrl(path: string): string {
  return BASE + path;
}

/** `?a=1&b=x`, without what is undefined, null or empty; "" when nothing is left. */
export function queryString(values: Record<string, string | number | boolean | null | undefined>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== "") query.set(key, String(value));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

async function send(path: string, options: RequestOptions<z.ZodType>): Promise<Response> {
  const { method = "GET", body, signal } = options;
  let reply: Response;
  try {
    reply = await fetch(BASE + path, {
      method,
      credentials: "same-origin",
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    const message = "Trainyard does not answer. Check that it is running and that this computer reaches it.";
    throw new ApiError({ code: "TIMEOUT", message, requestId: "" }, message, cause);
  }
  if (reply.ok) return reply;
  throw parseErrorBody(reply.status, await reply.json().catch(() => null));
}
