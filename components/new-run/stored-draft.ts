import { z } from "zod";
import { FieldValue } from "@/server/contracts/recipes";
import type { Draft } from "./draft";

const Stage = z.object({
  fields: z.record(z.string(), FieldValue),
  env: z.record(z.string(), z.string()),
  gpuCount: z.number(),
  gpuUuids: z.array(z.string()),
});
/** A number box that is empty holds NaN, which JSON writes as null. */
const TypedNumber = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

/** The draft's shape without its rules: what is half typed, and wrong as yet, is kept too. */
export const StoredDraft = z.object({
  name: z.string(),
  nodeId: z.string().nullable(),
  parameters: z.object({
    presetId: z.string().nullable(),
    stages: z.object({ sft: Stage, reward: Stage, ppo: Stage }),
    evaluation: z.object({
      isEnabled: z.boolean(),
      prompts: z.array(z.string()),
      settings: z.object({
        maxNewTokens: TypedNumber,
        temperature: TypedNumber,
        topP: TypedNumber,
        topK: TypedNumber,
        repetitionPenalty: TypedNumber,
        seed: TypedNumber,
      }),
    }),
  }),
  clonedFromId: z.string().nullable(),
  idempotencyKey: z.string(),
}) satisfies z.ZodType<Draft, unknown>;
