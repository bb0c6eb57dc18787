import { z } from "zod";
import { EnvMap } from "./nodes";
import { Timestamp } from "./primitives";
import { Finding, PreviewRunInput } from "./runs";

const text = z.string().nullable();
const count = z.number().nullable();
const Name = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[^\0\n\r\t]*$/);

/** Directories that programs of a run write to where these variables name one. */
export const WRITTEN_VARIABLES = [
  "HF_DATASETS_CACHE",
  "TMPDIR",
  "TORCH_EXTENSIONS_DIR",
  "TRITON_CACHE_DIR",
] as const;

/** What a run would need of its node. Paths are absolute or begin with ~/; stages with the same variables are asked about together. */
export const NodeQuestion = z.object({
  /** Those of a run that say where its models come from and where it writes. */
  env: EnvMap,
  /** Directories of models, and names of the hub. */
  modelPaths: z.array(Name).max(16),
  modelNames: z.array(Name).max(16),
  /** Directories of data, and data sets of the hub. */
  folders: z.array(Name).max(256),
  dataSets: z.array(Name).max(64),
});
export type NodeQuestion = z.infer<typeof NodeQuestion>;

const LOOKS = ["there", "absent", "no_directory", "closed"] as const;

/** Room for what is written. `path` is what was asked for, `nearest` the deepest directory of it that is there. */
export const NodePlace = z.object({
  /** work, hub, or the variable that names it. */
  role: z.enum(["work", "hub", ...WRITTEN_VARIABLES]),
  path: z.string(),
  nearest: z.string(),
  mount: text,
  totalKiB: count,
  freeKiB: count,
  isWritable: z.boolean(),
});
export type NodePlace = z.infer<typeof NodePlace>;

/** A model in a directory or in the hub's cache, or a tokenizer that a model in a directory names. */
export const FoundModel = z.object({
  role: z.enum(["model", "tokenizer"]),
  name: z.string(),
  kind: z.enum(["path", "hub"]),
  directory: z.string(),
  state: z.enum(LOOKS),
  hasConfig: z.boolean(),
  /** The file of the weights, or the index of their parts. */
  weights: text,
  /** The first part that cannot be read. */
  missing: text,
  weightsKiB: count,
  /** A file that a tokenizer can be made of. */
  tokenizer: text,
  /** What a download that was cut off has left. */
  incompleteKiB: count,
  /** The model in a directory whose config.json names this tokenizer; null for a model. */
  owner: text,
});
export type FoundModel = z.infer<typeof FoundModel>;

/** A hub's data set in the cache in which the package datasets keeps what it has prepared. */
export const FoundDataSet = z.object({
  name: z.string(),
  directory: z.string(),
  state: z.enum(["there", "absent", "closed"]),
  sizeKiB: count,
});
export type FoundDataSet = z.infer<typeof FoundDataSet>;

/** What the hub says of a model or a data set that is not on the node. */
export const HubAnswer = z.object({
  kind: z.enum(["models", "datasets"]),
  name: z.string(),
  /** Without name and password. */
  endpoint: z.string(),
  /** false: what looks cannot ask as the run would, and `failure` says why. */
  isAsked: z.boolean(),
  /** Of HTTP; null: no answer, and `failure` says why. */
  status: count,
  failure: text,
  isGated: z.boolean(),
  /** Of the weights or the files of rows that would be downloaded. */
  bytes: count,
  /** What a data set takes in the cache once it is prepared. */
  preparedBytes: count,
});
export type HubAnswer = z.infer<typeof HubAnswer>;

/** What a node said. What could not be read is null or not in the lists. */
export const NodeAnswer = z.object({
  username: text,
  places: z.array(NodePlace),
  /** One that nobody listens on at the moment. */
  freePort: count,
  isOffline: z.boolean(),
  /** For data sets: also by HF_DATASETS_OFFLINE. */
  isDataOffline: z.boolean(),
  hasToken: z.boolean(),
  models: z.array(FoundModel),
  folders: z.array(z.object({ path: z.string(), state: z.enum(LOOKS), files: z.array(z.string()) })),
  dataSets: z.array(FoundDataSet),
  hub: z.array(HubAnswer),
});
export type NodeAnswer = z.infer<typeof NodeAnswer>;

export const NodeChecksInput = PreviewRunInput.pick({ nodeId: true, parameters: true });
export type NodeChecksInput = z.infer<typeof NodeChecksInput>;

/** What only the node can say of a run before it starts. */
export const NodeChecks = z.object({
  /** When the node looked; null: it could not be asked. */
  checkedAt: Timestamp.nullable(),
  /** Why the node could not be asked. A run may be started all the same: it waits until the node is back. */
  failure: z.string().nullable(),
  findings: z.array(Finding),
  /** What was found in order, with its values. */
  checked: z.array(z.string()),
});
export type NodeChecks = z.infer<typeof NodeChecks>;
