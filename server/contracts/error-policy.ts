/**
 * Every way in which a request can fail. HTTP, sockets and the pages read this one table:
 * `status` is the HTTP status, `fix` names the action that the page offers.
 */
export const ERROR_POLICY = {
  VALIDATION: { status: 400, retryable: false, fix: "correct-field" },
  UNAUTHENTICATED: { status: 401, retryable: false, fix: "sign-in" },
  FORBIDDEN: { status: 403, retryable: false, fix: "none" },
  NOT_FOUND: { status: 404, retryable: false, fix: "none" },
  CONFLICT: { status: 409, retryable: false, fix: "reload" },
  PRECONDITION: { status: 412, retryable: false, fix: "none" },
  LIMIT: { status: 429, retryable: true, fix: "wait" },
  NODE_UNREACHABLE: { status: 503, retryable: true, fix: "check-address" },
  HOST_KEY_UNKNOWN: { status: 409, retryable: false, fix: "confirm-host-key" },
  HOST_KEY_MISMATCH: { status: 409, retryable: false, fix: "compare-host-keys" },
  SSH_AUTH_REJECTED: { status: 422, retryable: false, fix: "edit-credential" },
  REMOTE_COMMAND_FAILED: { status: 502, retryable: true, fix: "show-output" },
  TIMEOUT: { status: 504, retryable: true, fix: "retry" },
  INTERNAL: { status: 500, retryable: true, fix: "report" },
} as const satisfies Record<string, { status: number; retryable: boolean; fix: string }>;

export type ErrorCode = keyof typeof ERROR_POLICY;
export const ERROR_CODES = Object.keys(ERROR_POLICY) as [ErrorCode, ...ErrorCode[]];
