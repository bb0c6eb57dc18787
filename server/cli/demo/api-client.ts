import { setTimeout as delay } from "node:timers/promises";
import type { z } from "zod";
import { ErrorBody } from "../../contracts/errors";
import { AppError } from "../../errors";

export interface ApiClient {
  get: <T extends z.ZodType>(path: string, output: T) => Promise<z.output<T>>;
  post: <T extends z.ZodType>(path: string, body: unknown, output: T) => Promise<z.output<T>>;
}

const PATIENCE_MS = 30_000;
const PAUSE_MS = 250;
const STARTING = 503;

/** A web process that is being started again answers soon; only reading may be asked twice. */
async function answerOf(url: string, init: RequestInit): Promise<Response> {
  const deadline = Date.now() + (init.method === "GET" ? PATIENCE_MS : 0);
  for (;;) {
    const answer = await fetch(url, init).catch((error: Error) => error);
    const isThere = answer instanceof Response && answer.status !== STARTING;
    if (isThere) return answer;
    if (Date.now() > deadline) {
      if (answer instanceof Response) return answer;
      throw new AppError("TIMEOUT", `${url} does not answer`, { cause: answer });
    }
    await delay(PAUSE_MS);
  }
}

/** The HTTP API with a bearer token, as any program would use it. @throws AppError with the server's code and message */
export function apiClient(origin: string, token: string): ApiClient {
  async function call<T extends z.ZodType>(
    method: string,
    path: string,
    body: unknown,
    output: T,
  ): Promise<z.output<T>> {
    const response = await answerOf(`${origin}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const reply: unknown = await response.json();
    if (response.ok) return output.parse(reply);
    const { error } = ErrorBody.parse(reply);
    throw new AppError(error.code, `${method} ${path}: ${error.message}`, { details: error.details ?? {} });
  }
  return {
    get: (path, output) => call("GET", path, undefined, output),
    post: (path, body, output) => call("POST", path, body, output),
  };
}
