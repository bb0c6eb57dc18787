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
  .array(z.string().trim().min(1, "A prompt is empty.").max(8000, "At most 8,000 characters."))
  .min(1, "Enter at least one prompt.")
  .max(200, "At most 200 prompts.")
  .default([...DEFAULT_PROMPTS]);

const NO_NUMBER = "Enter a number.";
const within = (from: number, to: number) => {
  const message = `From ${from} to ${to}.`;
  return z.number(NO_NUMBER).min(from, message).max(to, message);
};
const wholeWithin = (from: number, to: number) => within(from, to).int("Enter a whole number.");

export const GenerationSettings = z
  .object({
    maxNewTokens: wholeWithin(1, 2048).default(100),
    /** 0 is greedy. */
    temperature: within(0, 5).default(0),
    topP: z.number(NO_NUMBER).gt(0, "Above 0, at most 1.").max(1, "Above 0, at most 1.").default(1),
    topK: wholeWithin(0, 1000).default(0),
    repetitionPenalty: within(0.5, 5).default(1),
    seed: wholeWithin(0, 2 ** 31 - 1).default(1234),
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

/** What an evaluation of a run can ask, and what stands against the rest. */
export const RunModels = z.object({
  models: z.array(
    z.object({
      key: z.enum(MODEL_KEYS),
      label: z.string(),
      path: z.string().nullable(),
      /** Why the run does not have this model; null when it does. */
      problem: z.string().nullable(),
    }),
  ),
  /** Answers get a score from it. */
  hasRewardModel: z.boolean(),
  /** Its checkpoints went with it: nothing can be asked. */
  isNodeRemoved: z.boolean(),
});
export type RunModels = z.infer<typeof RunModels>;

export const CreateEvaluationInput = z.object({
  runId: Id,
  name: z.string().trim().min(1, "Give it a name, or leave it out.").max(120).optional(),
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

/** One model's answers in short. */
export const ModelScore = z.object({
  modelKey: z.enum(MODEL_KEYS),
  scoredCount: z.number(),
  meanScore: z.number().nullable(),
});
export type ModelScore = z.infer<typeof ModelScore>;

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
  /** Per model, in the order of `models`. */
  scores: z.array(ModelScore),
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
