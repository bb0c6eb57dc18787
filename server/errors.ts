import { ERROR_POLICY, type ErrorCode, type ErrorDetails, type FieldProblem } from "./contracts/errors";

// Next bundles its own copy of this module, so identity is a registered symbol and never instanceof.
const BRAND = Symbol.for("trainyard.app-error");

export interface AppErrorOptions {
  cause?: unknown;
  /** What a person can do about it, one sentence. */
  hint?: string;
  details?: ErrorDetails;
}

/** "Could not do it", with a code of ERROR_POLICY. The message is shown to people and holds no secret. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: ErrorDetails | undefined;
  readonly [BRAND] = true;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }
}

export function isAppError(error: unknown): error is AppError {
  return typeof error === "object" && error !== null && BRAND in error;
}

export function validationError(fields: FieldProblem[]): AppError {
  const first = fields[0];
  return new AppError("VALIDATION", first ? `${first.path}: ${first.message}` : "The input is not valid.", {
    details: { fields },
  });
}

/** The part of an error that may leave the process: an unknown error becomes INTERNAL without its message. */
export function publicError(error: unknown): {
  code: ErrorCode;
  message: string;
  hint?: string;
  details?: ErrorDetails;
} {
  if (!isAppError(error)) {
    return { code: "INTERNAL", message: "Something went wrong on our side. The log has the details." };
  }
  return {
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.details === undefined ? {} : { details: error.details }),
  };
}

export function httpStatus(code: ErrorCode): number {
  return ERROR_POLICY[code].status;
}
