import { z } from "zod";
import { Id, Timestamp } from "./primitives";
import { STATUSES } from "./statuses";

/** The prompts of a new evaluation, when nobody chose others. */
export const DEFAULT_PROMPTS = [
  "Human: Please tell me about Microsoft in a few sentences. Assistant:",
  "Human: Explain the moon landing to a 6 year old in a few sentences. Assistant:",
  "Human: Write a short poem about a wise frog. Assistant:",
  "Human: Who was president of the United States in 1955? Assistant:",
  "Human: How does a telescope work? Assistant:",
  "Human: Why do birds migrate south for the winter? Assistant:",
] as const;

export const Prompts = z
  .array(z.string().trim().min(1, "A prompt is empty.").max(8000))
  .min(1, "Enter at least one prompt.")
  .max(200)
  .default([...DEFAULT_PROMPTS]);

export const GenerationSettings = z
  .object({
    maxNewTokens: z.number().int().min(1).max(2048).default(100),
    /** 0 is greedy. */
    temperature: z.number().min(0).max(5).default(0),
    topP: z.number().gt(0).max(1).default(1),
    topK: z.number().int().min(0).max(1000).default(0),
    repetitionPenalty: z.number().min(0.5).max(5).default(1),
    seed: z
      .number()
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(1234),
  })
  .prefault({});
export type GenerationSettings = z.infer<typeof GenerationSettings>;

export const MODEL_KEYS = ["baseline", "sft", "actor", "actor_ema"] as const;
export type ModelKey = (typeof MODEL_KEYS)[number];
export const EvaluationModel = z.object({
  key: z.enum(MODEL_KEYS),
  label: z.string(),
  /** A directory on the node or a Hugging Face id. */
  path: z.string(),
});
export type EvaluationModel = z.infer<typeof EvaluationModel>;

export const CreateEvaluationInput = z.object({
  runId: Id,
  name: z.string().trim().min(1).max(120).optional(),
  prompts: Prompts,
  models: z
    .array(z.enum(MODEL_KEYS))
    .min(1, "Choose at least one model.")
    .default(["baseline", "sft", "actor"]),
  settings: GenerationSettings,
});
export type CreateEvaluationInput = z.infer<typeof CreateEvaluationInput>;

/** `request.json` in the attempt directory: the evaluation program's whole input. */
export const EvaluationRequest = z.object({
  version: z.literal(1),
  prompts: z.array(z.string()),
  models: z.array(EvaluationModel),
  /** Scores every answer; null: no scores. */
  rewardModel: z.object({ path: z.string(), numPaddingAtBeginning: z.number().int() }).nullable(),
  settings: GenerationSettings,
});
export type EvaluationRequest = z.infer<typeof EvaluationRequest>;

/** Its output, `answers.jsonl`: one JSON object a line, each of these. Later lines about one answer replace earlier ones. */
export const EvaluationLine = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("answer"),
    promptIndex: z.number().int().min(0),
    model: z.enum(MODEL_KEYS),
    text: z.string(),
    isComplete: z.boolean(),
    tokenCount: z.number().int().nullable().default(null),
    finishReason: z.enum(["stop", "length"]).nullable().default(null),
    durationMs: z.number().nullable().default(null),
  }),
  z.object({
    type: z.literal("score"),
    promptIndex: z.number().int().min(0),
    model: z.enum(MODEL_KEYS),
    rewardScore: z.number(),
  }),
  z.object({ type: z.literal("progress"), message: z.string() }),
  z.object({ type: z.literal("done") }),
]);
export type EvaluationLine = z.infer<typeof EvaluationLine>;

export const AnswerView = z.object({
  promptIndex: z.number(),
  modelKey: z.enum(MODEL_KEYS),
  text: z.string(),
  isComplete: z.boolean(),
  tokenCount: z.number().nullable(),
  finishReason: z.enum(["stop", "length"]).nullable(),
  rewardScore: z.number().nullable(),
  durationMs: z.number().nullable(),
});
export type AnswerView = z.infer<typeof AnswerView>;

export const EvaluationSummary = z.object({
  id: Id,
  runId: Id,
  runName: z.string(),
  name: z.string(),
  status: z.enum(STATUSES),
  reason: z.string().nullable(),
  promptCount: z.number(),
  models: z.array(EvaluationModel),
  answersDone: z.number(),
  createdBy: z.string(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
});
export type EvaluationSummary = z.infer<typeof EvaluationSummary>;

export const EvaluationView = EvaluationSummary.extend({
  prompts: z.array(z.string()),
  settings: GenerationSettings,
  hasRewardModel: z.boolean(),
  answers: z.array(AnswerView),
  /** The newest attempt, whose log tells why it failed. */
  attemptId: Id.nullable(),
});
export type EvaluationView = z.infer<typeof EvaluationView>;
