import { z } from "zod";
import { Timestamp } from "./primitives";

export const ROLES = ["viewer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Who is signed in, as the pages see it. */
export const SessionView = z.object({
  user: z.object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    /** The one-time password of a first start is still in use: nothing but choosing another is allowed. */
    mustChangePassword: z.boolean(),
  }),
  expiresAt: Timestamp,
});
export type SessionView = z.infer<typeof SessionView>;

/** Set by our own http server on every request: path and query as the browser asked for them. */
export const ASKED_PATH_HEADER = "x-trainyard-asked-path";

export const PASSWORD_MIN_LENGTH = 12;
export const PASSWORD_MAX_LENGTH = 128;

/** POST /api/auth/change-password. Ends every other session of the user. */
export const ChangePasswordInput = z.object({
  currentPassword: z.string().min(1, "Enter your current password.").max(PASSWORD_MAX_LENGTH),
  newPassword: z
    .string()
    .min(PASSWORD_MIN_LENGTH, `A password has at least ${PASSWORD_MIN_LENGTH} characters.`)
    .max(PASSWORD_MAX_LENGTH, `A password has at most ${PASSWORD_MAX_LENGTH} characters.`),
});
export type ChangePasswordInput = z.infer<typeof ChangePasswordInput>;
