import { z } from "zod";
import { RunParameters } from "@/server/contracts/runs";
import type { Draft } from "./draft";

/** A draft as it lies in the tab's storage. */
export const StoredDraft = z.object({
  name: z.string(),
  nodeId: z.string().nullable(),
  parameters: RunParameters,
  clonedFromId: z.string().nullable(),
  idempotencyKey: z.string(),
}) satisfies z.ZodType<Draft, unknown>;
