import { z } from "zod";
import { EnvMap } from "./nodes";
import { Id, Timestamp } from "./primitives";
import { STAGE_KINDS } from "./statuses";

export const RECIPE_IDS = ["deepspeed-chat"] as const;

export const FieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]);
export type FieldValue = z.infer<typeof FieldValue>;

/** Fields of a node's own checkout instead of the shipped ones. */
export const GetRecipeQuery = z.object({ nodeId: Id.optional() });

export const FIELD_TYPES = ["int", "float", "string", "boolean", "choice", "list"] as const;
/** One flag of a stage's program, as a form field. */
export const RecipeField = z.object({
  /** learning_rate */
  name: z.string(),
  /** --learning_rate */
  flag: z.string(),
  type: z.enum(FIELD_TYPES),
  /** The program's own default. null: the flag is left out unless set. */
  default: FieldValue,
  choices: z.array(z.string()).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  isRequired: z.boolean(),
  /** managed: Trainyard sets it (output_dir, tensorboard_path …); shown, not edited. */
  group: z.enum(["basic", "advanced", "managed"]),
  /** Heading in the form: Data, Model, Batch, Optimizer, Memory, LoRA, Generation, Output */
  section: z.string(),
  label: z.string(),
  help: z.string(),
  unit: z.string().optional(),
  /** The node's own checkout has no such flag. */
  isAbsent: z.boolean().optional(),
});
export type RecipeField = z.infer<typeof RecipeField>;

export const StageParameters = z.object({
  /** By field name. A field that is missing has the program's default. */
  fields: z.record(z.string(), FieldValue),
  /** Values of secret names never come back: see secrets.ts. */
  env: EnvMap.default({}),
  /** How many GPUs, when gpuUuids is empty. */
  gpuCount: z.number().int().min(1, "A stage needs at least one GPU.").max(64).default(1),
  /** These GPUs and no others; empty: any free ones of the node. */
  gpuUuids: z.array(z.string().max(128)).max(64).default([]),
});
export type StageParameters = z.infer<typeof StageParameters>;

export const RecipeView = z.object({
  id: z.enum(RECIPE_IDS),
  name: z.string(),
  description: z.string(),
  source: z.string(),
  stages: z.array(z.object({ kind: z.enum(STAGE_KINDS), label: z.string(), fields: z.array(RecipeField) })),
  /** The checkout whose flags these are; null: the shipped list. */
  checkout: z
    .object({ nodeId: Id, commit: z.string().nullable(), contentHash: z.string(), readAt: Timestamp })
    .nullable(),
  /** Data sets that the application knows by name, for the multi-select. Others may be typed. */
  knownDataSets: z.array(z.object({ name: z.string(), note: z.string() })),
});
export type RecipeView = z.infer<typeof RecipeView>;

/** A starting point: fields of the three stages, and what they were made for. */
export const Preset = z.object({
  id: z.string(),
  name: z.string(),
  modelSize: z.string(),
  /** single_gpu, single_node, multi_node, practice */
  deployment: z.string(),
  description: z.string(),
  /** Shipped scripts that it comes from, relative to training/. */
  scripts: z.array(z.string()),
  isPractice: z.boolean(),
  stages: z.object({ sft: StageParameters, reward: StageParameters, ppo: StageParameters }),
});
export type Preset = z.infer<typeof Preset>;

/**
 * The program reads `local/jsonfile` from data/ beside its own dschat folder. So that no other run's rows and no checkout
 * is touched, an attempt gets a directory of its own with a link to dschat and its own data/, first on PYTHONPATH.
 */
export const LocalData = z.object({
  directory: z.string(),
  applicationDirectory: z.string(),
  source: z.discriminatedUnion("type", [
    /** A version of an uploaded data set, by its reference. */
    z.object({ type: z.literal("uploaded"), reference: z.string() }),
    /** A directory of the node that holds train.json and eval.json. */
    z.object({ type: z.literal("directory"), path: z.string() }),
  ]),
});
export type LocalData = z.infer<typeof LocalData>;

/** Exactly what will be run on the node. Pure result of the recipe; quoting happens when `cmd` is written. */
export const RenderedCommand = z.object({
  /** Absolute or ~/ directory to run in. */
  workingDirectory: z.string(),
  argv: z.array(z.string()).min(1),
  env: z.record(z.string(), z.string()),
  /** Directories that go first on PATH. */
  pathPrepend: z.array(z.string()).default([]),
  /** Where checkpoints go. */
  outputDirectory: z.string(),
  /** Directories to look for event files in. */
  eventDirectories: z.array(z.string()),
  /** Below outputDirectory; any one of each group proves that the stage saved its model. */
  expectedFiles: z.array(z.array(z.string())),
  /** What has to be put in place before, where the run brings its own rows. */
  localData: LocalData.optional(),
});
export type RenderedCommand = z.infer<typeof RenderedCommand>;
