import { z } from "zod";
import { GenerationSettings, Prompts } from "./evaluations";
import { RunForecast } from "./forecasts";
import { Id, PageQuery, Timestamp } from "./primitives";
import { FieldValue, RECIPE_IDS, RenderedCommand, StageParameters } from "./recipes";
import { STAGE_KINDS, STATUSES } from "./statuses";

export const EvaluationPlan = z.object({
  isEnabled: z.boolean().default(true),
  prompts: Prompts,
  settings: GenerationSettings,
});
export type EvaluationPlan = z.infer<typeof EvaluationPlan>;

export const RunParameters = z.object({
  presetId: z.string().nullable().default(null),
  stages: z.object({ sft: StageParameters, reward: StageParameters, ppo: StageParameters }),
  /** Run after ppo has succeeded. */
  evaluation: EvaluationPlan,
});
export type RunParameters = z.infer<typeof RunParameters>;

export const CreateRunInput = z.object({
  name: z.string().trim().min(1, "Give the run a name.").max(120),
  recipe: z.enum(RECIPE_IDS).default("deepspeed-chat"),
  nodeId: Id,
  parameters: RunParameters,
  /** Made by the client, so that pressing twice starts once. */
  idempotencyKey: z.string().min(8).max(100),
  clonedFromId: Id.optional(),
});
export type CreateRunInput = z.infer<typeof CreateRunInput>;

export const PreviewRunInput = CreateRunInput.pick({ recipe: true, nodeId: true, parameters: true }).extend({
  name: z.string().max(120).default(""),
});
export type PreviewRunInput = z.infer<typeof PreviewRunInput>;

/** A one-click change: every path gets its value. null leaves a field out, so that the program's own default holds. */
export const Fix = z.object({
  label: z.string(),
  changes: z.array(z.object({ path: z.string(), value: FieldValue })).min(1),
});
export type Fix = z.infer<typeof Fix>;

/** Something wrong (error: refuses to start), doubtful (warning) or good to know (note) about parameters. */
export const Finding = z.object({
  /** The rule that says so, the same over releases: kebab-case. */
  id: z.string(),
  severity: z.enum(["error", "warning", "note"]),
  /** null: it is about the whole run or its node. */
  stage: z.enum(STAGE_KINDS).nullable(),
  /** Where it belongs in the parameters; null: to no single field. */
  path: z.string().nullable(),
  /** Data sets that it is about, as they were typed: two findings about the same one may tell of the same trouble. */
  about: z.array(z.string()).optional(),
  message: z.string(),
  fix: Fix.optional(),
});
export type Finding = z.infer<typeof Finding>;

export const RunPreview = z.object({
  findings: z.array(Finding),
  commands: z.array(
    z.object({
      stage: z.enum(STAGE_KINDS),
      command: RenderedCommand,
      /** The shell line, for reading and copying. */
      text: z.string(),
    }),
  ),
  /** All three stages as one script that runs without Trainyard. */
  script: z.string(),
});
export type RunPreview = z.infer<typeof RunPreview>;

export const StopRunInput = z.object({
  stage: z.enum(STAGE_KINDS).optional(),
  graceSeconds: z.number().int().min(0).max(600).default(30),
});
export type StopRunInput = z.infer<typeof StopRunInput>;
export const RetryRunInput = z.object({
  stage: z.enum(STAGE_KINDS),
  /** Fields of the stage that change, for this attempt and those after it. */
  fields: z.record(z.string(), FieldValue).default({}),
});
export type RetryRunInput = z.infer<typeof RetryRunInput>;

/**
 * What becomes of a deleted run's files on its node. keep: nothing is touched. logs: commands, logs and data caches go,
 * checkpoints and event files stay. all: checkpoints go too. The worker removes them when the node can be reached.
 */
export const NODE_FILES = ["keep", "logs", "all"] as const;
export const DeleteRunQuery = z.object({ nodeFiles: z.enum(NODE_FILES).default("keep") });
export type DeleteRunQuery = z.infer<typeof DeleteRunQuery>;

/**
 * Ends that somebody can do something about by other settings. gpu_out_of_memory: PyTorch could not allocate on a GPU.
 * node_out_of_memory: the node's own memory ran out, and the kernel killed the training or refused to give it more.
 */
export const END_CAUSES = ["gpu_out_of_memory", "node_out_of_memory"] as const;
export type EndCause = (typeof END_CAUSES)[number];

export const AttemptView = z.object({
  id: Id,
  stageId: Id.nullable(),
  evaluationId: Id.nullable(),
  runId: Id,
  number: z.number(),
  status: z.enum(STATUSES),
  reason: z.string().nullable(),
  isSupervised: z.boolean(),
  nodeId: Id,
  gpuUuids: z.array(z.string()),
  command: RenderedCommand.nullable(),
  directory: z.string().nullable(),
  outputDirectory: z.string().nullable(),
  exitStatus: z.number().nullable(),
  exitWhy: z.string().nullable(),
  /** null: it goes on, it succeeded, or it failed for another reason. */
  endCause: z.enum(END_CAUSES).nullable(),
  stepsDone: z.number().nullable(),
  stepsTotal: z.number().nullable(),
  heartbeatAt: Timestamp.nullable(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
});
export type AttemptView = z.infer<typeof AttemptView>;

/** First and last value of the one figure that tells how a stage goes (loss or perplexity, accuracy, reward). */
export const Headline = z.object({
  tag: z.string(),
  first: z.number().nullable(),
  last: z.number().nullable(),
  /** Up to 60 values at evenly spaced steps, for a spark line. */
  spark: z.array(z.number().nullable()),
});
export type Headline = z.infer<typeof Headline>;

export const StageView = z.object({
  id: Id,
  kind: z.enum(STAGE_KINDS),
  status: z.enum(STATUSES),
  /** Why it waits, or how it ended. */
  reason: z.string().nullable(),
  gpuUuids: z.array(z.string()),
  gpuCount: z.number(),
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  /** 0 to 1; null when unknown. */
  progress: z.number().nullable(),
  stepsDone: z.number().nullable(),
  stepsTotal: z.number().nullable(),
  headline: Headline.nullable(),
  /** Newest last. */
  attempts: z.array(AttemptView),
});
export type StageView = z.infer<typeof StageView>;

export const RunSummary = z.object({
  id: Id,
  name: z.string(),
  recipe: z.string(),
  nodeId: Id,
  nodeName: z.string(),
  isPractice: z.boolean(),
  modelName: z.string(),
  status: z.enum(STATUSES),
  createdBy: z.string(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  gpuCount: z.number(),
  stages: z.array(StageView.omit({ attempts: true })),
  /** The newest one, if any. */
  evaluationId: Id.nullable(),
  /** What is left, and what it costs. */
  forecast: RunForecast,
});
export type RunSummary = z.infer<typeof RunSummary>;

export const RunView = RunSummary.extend({
  parameters: RunParameters,
  clonedFromId: Id.nullable(),
  stages: z.array(StageView),
});
export type RunView = z.infer<typeof RunView>;

export const RUN_ORDERS = ["newest", "oldest", "name"] as const;
export type RunOrder = (typeof RUN_ORDERS)[number];

export const ListRunsQuery = PageQuery.extend({
  /** One status, or all that go on, or all that have ended. */
  status: z.enum(["active", "ended", ...STATUSES]).optional(),
  nodeId: Id.optional(),
  /** Part of the run's name. */
  q: z.string().max(120).optional(),
  sort: z.enum(RUN_ORDERS).default("newest"),
});
export type ListRunsQuery = z.infer<typeof ListRunsQuery>;
