import { z } from "zod";
import { Id } from "../primitives";
import type { Role } from "../session";

/** One method of one path below /api/v1: what it takes, what it answers, who may call it. */
export interface ApiRoute {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below /api/v1, parameters in braces: /nodes/{id} */
  path: string;
  tag: string;
  summary: string;
  /** The least role; "public" needs no sign-in. */
  access: Role | "public";
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The body is a file of this type; the adapter streams it. Instead of `body`. */
  rawBody?: string;
  /** null: not JSON, see contentType. */
  output: z.ZodType | null;
  contentType?: string;
  /** Of a success. Default 200. */
  status?: number;
  /** Asked at every key: the reply is sent as it is, for compressing takes longer than sending. */
  isUncompressed?: boolean;
  /** Default 256 KiB. */
  maxBodyBytes?: number;
}

export const IdParams = z.object({ id: Id });
export const Nothing = z.object({});
