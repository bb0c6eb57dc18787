import { z } from "zod";

const text = z.string().nullable();
const count = z.number().nullable();

/** Where files go. `path` is what was asked for, `nearest` the deepest directory of it that is there. */
export const PLACE_ROLES = ["home", "work", "tmp", "shm", "hub"] as const;
const Place = z.object({
  role: z.enum(PLACE_ROLES),
  path: z.string(),
  nearest: z.string(),
  /** Where its disk is mounted. */
  mount: text,
  totalKiB: count,
  freeKiB: count,
  totalInodes: count,
  freeInodes: count,
  /** Why 64 KiB could not be written there; null when they could. */
  writeError: text,
});
export type PlaceFacts = z.infer<typeof Place>;

/** What importing one package said. All null: it was not tried or gave no answer. */
const Import = z.object({ version: text, error: text, isTimedOut: z.boolean() });
export type ImportFacts = z.infer<typeof Import>;

const Op = z.object({
  name: z.string(),
  /** installed: with the package. built: an earlier run left it. buildable: at its first use. */
  state: z.enum(["installed", "built", "buildable", "incompatible"]),
  why: text,
});

/**
 * Everything that a readiness check saw of a node, as stored. What could not be read is null; the judge says what that
 * means. Written by server/worker/nodes, read by judgeReadiness.
 */
export const ReadinessFacts = z.object({
  isPractice: z.boolean(),
  /** Settings that the check depends on: another value means that the node has to be checked again. */
  settingsHash: z.string(),
  /** ID and ID_LIKE of /etc/os-release. */
  osIds: z.array(z.string()),
  login: z.object({
    shell: text,
    /** What the login shell printed by itself, its beginning, and how many bytes in all. */
    noise: z.string(),
    noiseBytes: z.number(),
    /** From asking for a shell to its first word, milliseconds. */
    startMs: count,
    /** null: files travel by SFTP. */
    sftpError: text,
  }),
  setsidPath: text,
  /** The node's clock minus ours lies between these, milliseconds. */
  clockOffsetMs: z.tuple([z.number(), z.number()]).nullable(),
  isTimeSynchronised: z.boolean().nullable(),
  logind: z.object({
    /** null: no systemd, or nobody could say. */
    killUserProcesses: z.boolean().nullable(),
    isRunning: z.boolean(),
    /** Our processes belong to a login session that logind would end. */
    isInSession: z.boolean(),
    /** KillExcludeUsers names the user, or KillOnlyUsers does not. */
    isExcluded: z.boolean(),
    hasLinger: z.boolean(),
    username: text,
  }),
  places: z.array(Place),
  files: z
    .object({
      directory: z.string(),
      /** The step that failed, with the node's own words; null when all worked. */
      failed: z.enum(["write", "rename", "link", "exclusive"]).nullable(),
      error: text,
    })
    .nullable(),
  gpus: z.object({
    count: z.number(),
    hasMig: z.boolean(),
    driverVersion: text,
    /** The newest CUDA that the driver knows. */
    driverCuda: text,
  }),
  compiler: z.object({ cxx: text, ninja: text, nvcc: text, nvccVersion: text }),
  python: z.object({
    path: text,
    version: text,
    /** The node's setting, when it names no virtual environment that is there. */
    missingEnvironment: text,
    hasVirtualEnvironment: z.boolean(),
    /** The distribution looks after it: pip installs nothing into it. */
    isManaged: z.boolean(),
    hasVenvModule: z.boolean().nullable(),
    hasHeaders: z.boolean().nullable(),
    tensorboard: text,
    /** The program that every run begins with. */
    launcher: text,
    launcherError: text,
    /** Others that an environment for training can be made of. */
    interpreters: z.array(z.object({ path: z.string(), version: z.string() })).default([]),
    /** uv or conda, which bring a Python into the home directory. */
    installer: text.default(null),
  }),
  torch: Import.extend({
    cuda: text,
    hip: text,
    deviceCount: count,
    cudaError: text,
    /** GPUs for which this torch holds no code: "NVIDIA H100 (sm_90)". */
    unsupported: z.array(z.string()),
    visibleDevices: text,
  }),
  deepspeed: Import.extend({ ops: z.array(Op) }),
  transformers: Import.extend({ hasTorch: z.boolean().nullable() }),
  datasets: Import,
  examples: z.object({
    directory: text,
    commit: text,
    changedFiles: count,
    missing: z.array(z.string()),
  }),
  hub: z
    .object({
      endpoint: z.string(),
      isOffline: z.boolean(),
      hasToken: z.boolean(),
      isReachable: z.boolean().nullable(),
      error: text,
      latencyMs: count,
      models: z.array(z.string()),
      modelCount: z.number(),
    })
    .nullable(),
});
export type ReadinessFacts = z.infer<typeof ReadinessFacts>;
