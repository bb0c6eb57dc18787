import { z } from "zod";
import { ERROR_CODES } from "./error-policy";

export { ERROR_CODES, ERROR_POLICY, type ErrorCode } from "./error-policy";

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
