import { z } from "zod";
import { FieldValue } from "./recipes";
import { CreateRunInput } from "./runs";
import { STAGE_KINDS } from "./statuses";

/** What fills a GPU, in the order in which a bar shows it. */
export const MEMORY_PARTS = [
  "weights",
  "gradients",
  "optimizer",
  "frozen",
  "ema",
  "cache",
  "activations",
  "logits",
  "buffers",
  "context",
] as const;
export type MemoryPart = (typeof MEMORY_PARTS)[number];

/** GiB on each GPU, at the moment of the stage that needs most. */
export const MemoryEstimate = z.object({
  parts: z.record(z.enum(MEMORY_PARTS), z.number()),
  totalGiB: z.number(),
});
export type MemoryEstimate = z.infer<typeof MemoryEstimate>;

/** own: finished stages of the same model and kind of GPU here. published: figures of DeepSpeed-Chat's authors. */
export const TIME_BASES = ["own", "published"] as const;
/** How far the times of the first two steps are from published ones, at most (docs/estimates.md). */
export const PUBLISHED_ERROR_SHARE = 0.2;

export const TimeEstimate = z.object({
  seconds: z.number(),
  basis: z.enum(TIME_BASES),
  /** Of `own`: how many finished stages it is the median of. */
  runCount: z.number().int(),
  /** Of `own`: all of them had the same fields and as many GPUs; else it is in proportion. */
  isSameSettings: z.boolean(),
});
export type TimeEstimate = z.infer<typeof TimeEstimate>;

export const EstimateRunInput = CreateRunInput.pick({ nodeId: true, parameters: true });
export type EstimateRunInput = z.infer<typeof EstimateRunInput>;

export const StageEstimate = z.object({
  stage: z.enum(STAGE_KINDS),
  modelName: z.string(),
  /** The GPUs chosen, or the node's first ones when any will do. */
  gpus: z.array(
    z.object({
      uuid: z.string(),
      index: z.number().int(),
      name: z.string(),
      memoryTotalMiB: z.number().nullable(),
    }),
  ),
  gpuCount: z.number().int(),
  /** null: see `reason`. */
  memory: MemoryEstimate.nullable(),
  /** Whether it fits on every one of them; null: not known. */
  isFitting: z.boolean().nullable(),
  /** Per device. 0: not even one; null: not known. */
  largestBatch: z.number().int().nullable(),
  batch: z.number().int().nullable(),
  /** Fields below stages.<kind>.fields that the batch is set by. */
  batchFields: z.array(z.string()),
  /** Why there is no memory estimate, or what it leaves open. */
  reason: z.string().nullable(),
  time: TimeEstimate.nullable(),
  /** Why there is no time. */
  timeReason: z.string().nullable(),
  /** In the currency of the node's price. */
  cost: z.number().nullable(),
});
export type StageEstimate = z.infer<typeof StageEstimate>;

export const RunEstimate = z.object({
  /** Of the node; null: no price is set. */
  pricePerGpuHour: z.number().nullable(),
  stages: z.array(StageEstimate),
});
export type RunEstimate = z.infer<typeof RunEstimate>;

export const PlannerQuery = z.object({
  gpuCount: z.coerce.number().int().min(1, "A stage needs at least one GPU.").max(1024).default(8),
  zeroStage: z.coerce.number().int().min(0).max(3).default(3),
  /** Optimizer in main memory, with ZeRO 3 also weights and reference model. */
  offload: z.enum(["0", "1"]).default("0"),
  /** 0: the whole actor learns. */
  loraRank: z.coerce.number().int().min(0).max(1024).default(0),
  pricePerGpuHour: z.coerce.number().min(0, "A price is not negative.").max(100_000).optional(),
});
export type PlannerQuery = z.infer<typeof PlannerQuery>;

/** PPO of one model on one kind of GPU. */
export const PlannerCell = z.object({
  model: z.string(),
  family: z.string(),
  hardware: z.string(),
  memoryGiB: z.number(),
  /** With batch 1. */
  needsGiB: z.number(),
  /** Per device; 0: not even one. */
  largestBatch: z.number().int(),
  /** Of the published amount of work; null: it does not fit. */
  seconds: z.number().nullable(),
  cost: z.number().nullable(),
});
export type PlannerCell = z.infer<typeof PlannerCell>;
export const PlannerResult = z.object({
  /** What every cell is for. */
  queries: z.number().int(),
  promptLength: z.number().int(),
  answerLength: z.number().int(),
  rewardModel: z.string(),
  cells: z.array(PlannerCell),
});
export type PlannerResult = z.infer<typeof PlannerResult>;

/** Ways to try a stage again with less memory, each with what it would need. */
export const RetryOptions = z.object({
  now: StageEstimate,
  options: z.array(
    z.object({
      label: z.string(),
      /** Overrides for the retry: by field name. */
      fields: z.record(z.string(), FieldValue),
      estimate: StageEstimate,
    }),
  ),
});
export type RetryOptions = z.infer<typeof RetryOptions>;
export const RetryOptionsQuery = z.object({ stage: z.enum(STAGE_KINDS) });
