import { ERROR_POLICY, ErrorBody, type ErrorCode, type ErrorDetails } from "@/server/contracts/errors";

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
  const parsed = ErrorBody.safeParse(body);
  return new ApiError(
    parsed.success ? parsed.data.error : null,
    `The server answered with status ${status}.`,
  );
}
