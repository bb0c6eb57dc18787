import { z } from "zod";
import { Id, Timestamp } from "./primitives";

export const CreateTokenInput = z.object({
  name: z.string().trim().min(1, "Give the token a name.").max(80),
  expiresInDays: z.number().int().min(1).max(3650).nullable().default(null),
});
export type CreateTokenInput = z.infer<typeof CreateTokenInput>;
export const TokenView = z.object({
  id: Id,
  name: z.string(),
  prefix: z.string(),
  createdAt: Timestamp,
  lastUsedAt: Timestamp.nullable(),
  expiresAt: Timestamp.nullable(),
});
export type TokenView = z.infer<typeof TokenView>;
/** The only reply that ever holds the token itself. */
export const CreatedToken = TokenView.extend({ token: z.string() });
export type CreatedToken = z.infer<typeof CreatedToken>;
