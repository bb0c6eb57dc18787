import { ERROR_POLICY, type ErrorCode } from "@/server/contracts/error-policy";
import type { ErrorBody, ErrorDetails } from "@/server/contracts/errors";

export type ErrorFix = (typeof ERROR_POLICY)[ErrorCode]["fix"];

/** A failed request as the pages see it. `message` and `hint` are fit to show. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly details: ErrorDetails;
  readonly requestId: string | null;

  constructor(body: ErrorBody["error"] | null, fallback: string, cause?: unknown) {
    super(body?.message ?? fallback, { cause });
    this.name = "ApiError";
    this.code = body?.code ?? "INTERNAL";
    this.hint = body?.hint ?? null;
    this.details = body?.details ?? {};
    this.requestId = body?.requestId ?? null;
  }

  get fix(): ErrorFix {
    return ERROR_POLICY[this.code].fix;
  }

  get isRetryable(): boolean {
    return ERROR_POLICY[this.code].retryable;
  }

  /** Message of one field, by its dotted path. */
  field(path: string): string | null {
    return this.details.fields?.find((problem) => problem.path === path)?.message ?? null;
  }
}

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(null, "The page could not do that. The browser's console has the details.", error);
}

export function parseErrorBody(status: number, body: unknown): ApiError {
  return new ApiError(errorOf(body), `The server answered with status ${status}.`);
}

/** null: not our server's words, a proxy's page say. */
function errorOf(body: unknown): ErrorBody["error"] | null {
  // Safe because every step of the way is optional, and the code is looked up.
  const error = (body as Partial<ErrorBody> | null)?.error;
  return error && Object.hasOwn(ERROR_POLICY, error.code) && typeof error.message === "string" ? error : null;
}
