import { z } from "zod";
import { RemotePath } from "./nodes";
import { Timestamp } from "./primitives";

/** Preparing a node: an environment of our own in its user's home, made and removed by programs that we send. */
export const PREPARATION_STATUSES = ["queued", "running", "succeeded", "failed", "cancelled"] as const;
export type PreparationStatus = (typeof PREPARATION_STATUSES)[number];

export const PREPARATION_STEPS = [
  "environment",
  "torch",
  "packages",
  "examples",
  "application",
  "ops",
  "models",
  "check",
] as const;
export const UNINSTALL_STEPS = ["models", "examples", "environment"] as const;
export const STEP_STATES = [
  "waiting",
  "running",
  /** Something was made or changed. */
  "done",
  /** It was all there already. */
  "kept",
  /** Left out, and the note says why. */
  "skipped",
  "failed",
  "cancelled",
] as const;

/** Stored encrypted; written and never read back through the API. */
export const PREPARATION_SECRETS = ["hubToken", "indexPassword", "proxyPassword"] as const;
export type PreparationSecretName = (typeof PREPARATION_SECRETS)[number];

const nullable = <S extends z.ZodType>(schema: S) => schema.nullable().default(null);
/** Hosts are the node's business: it may have its own mirror, or a directory (file:///…). */
const address = (schemes: readonly string[], example: string) =>
  z
    .string()
    .trim()
    .max(2048)
    .superRefine((text, issues) => {
      const url = URL.canParse(text) ? new URL(text) : null;
      const isPlain = /^[\x21-\x7e]+$/.test(text) && !/["'\\`$]/.test(text);
      if (url === null || !isPlain || !schemes.includes(url.protocol.slice(0, -1)))
        issues.addIssue({ code: "custom", message: `Enter an address such as ${example}.` });
      else if (url.username !== "" || url.password !== "")
        issues.addIssue({
          code: "custom",
          message: "Leave user and password out of the address: they have fields of their own.",
        });
    });
const UserName = z
  .string()
  .trim()
  .min(1, "Enter the user name, or leave the field out.")
  .max(200)
  .regex(/^[\x20-\x7e]+$/, "Use plain characters.");
const Requirement = z
  .string()
  .trim()
  .max(100)
  .regex(/^torch==[A-Za-z0-9.+!]+$/, "Enter an exact version, such as torch==2.13.0+cu128.");
const ModelName = z
  .string()
  .trim()
  .max(200)
  .regex(
    /^(?:[A-Za-z0-9][A-Za-z0-9._-]*\/)?[A-Za-z0-9][A-Za-z0-9._-]*$/,
    "Enter a name on the hub, such as facebook/opt-1.3b.",
  );

export const DEFAULT_EXAMPLES = {
  url: "https://github.com/deepspeedai/DeepSpeedExamples",
  ref: "45b4b7156c8794a3452a5a7d03dbd8d797068569",
} as const;

export const PreparationSettings = z.object({
  /** The interpreter that the environment is made with: a name on PATH, or a path. */
  python: z
    .string()
    .trim()
    .max(1024)
    .regex(/^(?:[A-Za-z0-9][A-Za-z0-9._-]*|(?:~\/|\/)[^\0\n\r]+)$/, "Enter python3.11 or an absolute path.")
    .default("python3"),
  /** Of pip; null: what the node's pip is set to. */
  indexUrl: nullable(address(["https", "http", "file"], "https://mirror.example.org/simple")),
  extraIndexUrl: nullable(address(["https", "http", "file"], "https://download.pytorch.org/whl/cu128")),
  /** Sent to the origin (scheme, host, port) of `indexUrl`, together with the secret indexPassword. */
  indexUsername: nullable(UserName),
  /** For pip, git and the hub. */
  proxyUrl: nullable(address(["http", "https"], "http://proxy.example.org:3128")),
  proxyUsername: nullable(UserName),
  /** Instead of the lock set's: another CUDA build. */
  torch: nullable(Requirement),
  examplesSource: z.enum(["clone", "archive"]).default("clone"),
  examplesUrl: address(["https", "http", "ssh", "git", "file"], DEFAULT_EXAMPLES.url).default(
    DEFAULT_EXAMPLES.url,
  ),
  /** A commit, tag or branch. */
  examplesRef: z
    .string()
    .trim()
    .max(200)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/, "Enter a commit, a tag or a branch.")
    .default(DEFAULT_EXAMPLES.ref),
  models: z.array(ModelName).max(20, "At most 20 models.").default([]),
  /** HF_HOME; null: inside the environment, and removed with it. */
  hubDirectory: nullable(RemotePath),
  /** HF_ENDPOINT: a mirror of the hub. */
  hubUrl: nullable(address(["https", "http"], "https://huggingface.co")),
  /** The node's runs never ask the hub: what is not in the cache is an error here. */
  isOffline: z.boolean().default(false),
});
export type PreparationSettings = z.infer<typeof PreparationSettings>;

const Secret = z
  .string()
  .min(1, "Enter it, or leave the field out to keep what is stored.")
  .max(1024)
  .regex(/^[\x21-\x7e]+$/, "Use plain characters without spaces.");
/** Left out: what is stored stays. null: it is forgotten. */
export const PreparationSecrets = z.object({
  hubToken: Secret.nullable().optional(),
  indexPassword: Secret.nullable().optional(),
  proxyPassword: Secret.nullable().optional(),
});
export type PreparationSecrets = z.infer<typeof PreparationSecrets>;

export const PrepareNodeInput = z.object({
  /** Left out: those of the last time, or the defaults. */
  settings: PreparationSettings.optional(),
  secrets: PreparationSecrets.default({}),
});
export type PrepareNodeInput = z.infer<typeof PrepareNodeInput>;

export const PreparationStep = z.object({
  name: z.enum(PREPARATION_STEPS),
  state: z.enum(STEP_STATES),
  /** By the node's clock. */
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  note: z.string().nullable(),
});
export type PreparationStep = z.infer<typeof PreparationStep>;

export const PreparationJob = z.object({
  id: z.string(),
  action: z.enum(["prepare", "uninstall"]),
  status: z.enum(PREPARATION_STATUSES),
  isCancelRequested: z.boolean(),
  requestedBy: z.string(),
  requestedAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  reason: z.string().nullable(),
  steps: z.array(PreparationStep),
  /** Bytes of its log that have arrived. */
  logSize: z.number().int(),
});
export type PreparationJob = z.infer<typeof PreparationJob>;

export const PreparationView = z.object({
  /** Why this node cannot be prepared at all; null: it can. */
  refusal: z.string().nullable(),
  settings: PreparationSettings,
  /** Names of the secrets that are stored. */
  storedSecrets: z.array(z.enum(PREPARATION_SECRETS)),
  archive: z.object({ name: z.string(), sha256: z.string(), sizeBytes: z.number() }).nullable(),
  preparedAt: Timestamp.nullable(),
  /** The newest one. */
  job: PreparationJob.nullable(),
});
export type PreparationView = z.infer<typeof PreparationView>;

export const MAX_ARCHIVE_BYTES = 64 * 1024 * 1024;
export const StoreArchiveInput = z.object({
  name: z
    .string()
    .trim()
    .max(200)
    .regex(/^[^/\\\0\n\r]+\.(?:tar\.gz|tgz|zip)$/i, "Choose a file that ends in .tar.gz, .tgz or .zip."),
  base64: z.base64("The content has to be base64."),
});
export type StoreArchiveInput = z.infer<typeof StoreArchiveInput>;

export const PreparationLogQuery = z.object({
  /** Negative: from the end. */
  offset: z.coerce.number().int().default(0),
  length: z.coerce.number().int().min(1).max(4_194_304).default(262_144),
});
