import { ApiError, parseErrorBody } from "./api-error";

const BASE = "/api/v1";

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

export interface RequestOptions {
  /** Default GET. */
  method?: Method;
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal;
}

/** `path` begins with a slash, below /api/v1; `T` is its contract's output, void where there is none. Throws ApiError. */
export async function request<T = void>(path: string, options: RequestOptions = {}): Promise<T> {
  const reply = await send(path, options);
  const text = await reply.text();
  // Safe because the server that sent this page types its answers by the same contract.
  return (text === "" ? undefined : parseJson(text)) as T;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ApiError(null, "The server's answer does not have the expected shape.", cause);
  }
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

async function send(path: string, options: RequestOptions): Promise<Response> {
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
