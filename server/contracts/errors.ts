import { z } from "zod";

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

/** One problem with one input field. `path` is dotted: `stages.sft.fields.learning_rate`. */
export const FieldProblem = z.object({ path: z.string(), message: z.string() });
export type FieldProblem = z.infer<typeof FieldProblem>;

/** The body of every failed HTTP reply, and the `error` of every failed socket or link acknowledgement. */
export const ErrorBody = z.object({
  error: z.object({
    code: z.enum(ERROR_CODES),
    message: z.string(),
    /** What a person can do about it, one sentence. */
    hint: z.string().optional(),
    details: z
      .object({
        fields: z.array(FieldProblem).optional(),
        /** HOST_KEY_UNKNOWN and HOST_KEY_MISMATCH: what the host shows now, and what is pinned. */
        hostKey: z.object({ algorithm: z.string(), fingerprint: z.string(), blob: z.string() }).optional(),
        pinnedFingerprint: z.string().optional(),
        /** REMOTE_COMMAND_FAILED: the end of its output. */
        output: z.string().optional(),
      })
      .optional(),
    requestId: z.string(),
  }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;
export type ErrorDetails = NonNullable<ErrorBody["error"]["details"]>;
