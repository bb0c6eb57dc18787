import { z } from "zod";
import { ERROR_CODES } from "./errors";
import { Id, Timestamp } from "./primitives";
import { ReadinessSummary } from "./readiness";
import { NODE_STATUSES } from "./statuses";

/** A DNS name, an IPv4 or an IPv6 address. Never begins with "-". */
const Host = z
  .string()
  .trim()
  .min(1, "Enter the node's IP address or host name.")
  .max(253)
  .regex(
    /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9]+)?)$/,
    "Enter an IP address (10.0.0.4, fe80::1) or a host name, without user, port or slashes.",
  );
const Port = z.coerce
  .number()
  .int()
  .min(1, "Ports go from 1 to 65535.")
  .max(65535, "Ports go from 1 to 65535.");
const Username = z
  .string()
  .min(1, "Enter the user name that you log in with.")
  .max(64)
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_.@\\$-]*$/,
    "A user name holds letters, digits and . _ - @, and does not begin with a dash.",
  );

/** What proves who we are. Goes to the worker, is encrypted there, and never comes back. */
export const NodeCredential = z.discriminatedUnion("method", [
  z.object({ method: z.literal("password"), password: z.string().min(1, "Enter the password.").max(1024) }),
  z.object({
    method: z.literal("private_key"),
    privateKey: z
      .string()
      .min(1, "Paste the private key.")
      .max(32_768)
      .refine((text) => /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text), {
        message: "This is not a private key: it has to begin with -----BEGIN … PRIVATE KEY-----.",
      }),
    passphrase: z.string().max(1024).optional(),
  }),
]);
export type NodeCredential = z.infer<typeof NodeCredential>;
export const AUTH_METHODS = ["password", "private_key"] as const;

/** A host's public key. `blob` is base64 of the raw key, what is pinned and compared; the fingerprint is for people. */
export const HostKey = z.object({
  algorithm: z.string().min(1).max(64),
  fingerprint: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/),
  blob: z.base64().max(4096),
});
export type HostKey = z.infer<typeof HostKey>;

/** Of nodes that are set to no other. */
export const DEFAULT_WORK_DIRECTORY = "~/.trainyard";
export const RemotePath = z
  .string()
  .trim()
  .max(1024)
  .regex(/^(?:~|\/)[^\0\n\r]*$/, "Enter an absolute path, or one that begins with ~/.");
const EnvName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, "A variable name holds letters, digits and _.");
export const EnvMap = z.record(
  EnvName,
  z
    .string()
    .max(8192)
    .refine((v) => !v.includes("\0"), "No NUL bytes."),
);
export type EnvMap = z.infer<typeof EnvMap>;

export const NodeSettings = z.object({
  /** Checkout of DeepSpeedExamples; found by itself in the home directory when null. */
  examplesDirectory: RemotePath.nullable().default(null),
  /** A virtual environment whose bin/ goes first on PATH. */
  virtualEnvironment: RemotePath.nullable().default(null),
  /** Where attempts and outputs go; ~/.trainyard when null. */
  workDirectory: RemotePath.nullable().default(null),
  /** A program on the node that speaks the evaluation protocol, instead of the one we send. */
  evaluationProgram: z
    .string()
    .trim()
    .max(1024)
    .regex(/^[A-Za-z0-9_./~-]+$/)
    .nullable()
    .default(null),
  /** For what a run there costs, in any one currency. null: costs are not shown. */
  pricePerGpuHour: z
    .number("Enter the price as a number, such as 4.02, or nothing.")
    .min(0, "A price is not negative.")
    .max(100_000)
    .nullable()
    .default(null),
  /** Of every attempt there. Values of secret names never come back: see secrets.ts. */
  env: EnvMap.default({}),
});
export type NodeSettings = z.infer<typeof NodeSettings>;

export const CreateNodeInput = z.object({
  name: z.string().trim().min(1, "Give the node a name.").max(64),
  host: Host,
  port: Port.default(22),
  username: Username,
  credential: NodeCredential,
  /** The key that the user compared and confirmed. Without it: HOST_KEY_UNKNOWN with the key to confirm. */
  hostKey: HostKey.optional(),
  settings: NodeSettings.partial().optional(),
});
export type CreateNodeInput = z.infer<typeof CreateNodeInput>;

export const UpdateNodeInput = z
  .object({
    name: CreateNodeInput.shape.name,
    host: Host,
    port: Port,
    username: Username,
    credential: NodeCredential,
    hostKey: HostKey,
    settings: NodeSettings.partial(),
  })
  .partial();
export type UpdateNodeInput = z.infer<typeof UpdateNodeInput>;

export const FetchHostKeyInput = z.object({ host: Host, port: Port.default(22) });
export type FetchHostKeyInput = z.infer<typeof FetchHostKeyInput>;

/** Try an address and a credential without storing anything. */
export const TestConnectionInput = z.object({
  host: Host,
  port: Port.default(22),
  username: Username,
  credential: NodeCredential,
  hostKey: HostKey,
});
export type TestConnectionInput = z.infer<typeof TestConnectionInput>;

const nullableText = z.string().nullable();
const nullableCount = z.number().nullable();
/** What the probe found. Anything that could not be read is null; nothing is guessed. */
export const NodeInventory = z.object({
  hostname: nullableText,
  os: nullableText,
  kernel: nullableText,
  architecture: nullableText,
  loginShell: nullableText,
  homeDirectory: nullableText,
  cpuModel: nullableText,
  cpuCount: nullableCount,
  memoryTotalMiB: nullableCount,
  diskTotalGiB: nullableCount,
  diskFreeGiB: nullableCount,
  driverVersion: nullableText,
  cudaVersion: nullableText,
  gpus: z.array(
    z.object({
      uuid: z.string(),
      index: z.number().int(),
      name: z.string(),
      memoryTotalMiB: nullableCount,
      parentUuid: nullableText,
      migProfile: nullableText,
      migIndex: z.number().int().nullable(),
    }),
  ),
  python: nullableText,
  torch: nullableText,
  deepspeed: nullableText,
  transformers: nullableText,
  examplesDirectory: nullableText,
  examplesCommit: nullableText,
  hasSetsid: z.boolean().nullable(),
  /** Round trip of one command on a warm connection, milliseconds. */
  commandLatencyMs: nullableCount,
});
export type NodeInventory = z.infer<typeof NodeInventory>;

export const TestConnectionResult = z.object({
  latencyMs: z.number(),
  inventory: NodeInventory,
});
export type TestConnectionResult = z.infer<typeof TestConnectionResult>;

export const Gpu = NodeInventory.shape.gpus.element.extend({
  nodeId: Id,
  /** The attempt that holds it, if one does. */
  claimedBy: z
    .object({
      attemptId: Id,
      runId: Id,
      runName: z.string(),
      stage: z.enum(["sft", "reward", "ppo"]).nullable(),
    })
    .nullable(),
});
export type Gpu = z.infer<typeof Gpu>;

/** A node as every page and API client sees it. There is no field for a secret. */
export const NodeView = z.object({
  id: Id,
  name: z.string(),
  host: z.string(),
  port: z.number(),
  username: z.string(),
  authMethod: z.enum(AUTH_METHODS),
  isPractice: z.boolean(),
  hostKeyAlgorithm: nullableText,
  hostKeyFingerprint: nullableText,
  status: z.enum(NODE_STATUSES),
  statusCode: z.enum(ERROR_CODES).nullable(),
  statusMessage: nullableText,
  statusChangedAt: Timestamp,
  lastContactAt: Timestamp.nullable(),
  inventory: NodeInventory.nullable(),
  inventoryAt: Timestamp.nullable(),
  /** Of the last readiness check; null before the first. */
  readiness: ReadinessSummary.nullable(),
  settings: NodeSettings,
  gpus: z.array(Gpu),
  createdAt: Timestamp,
});
export type NodeView = z.infer<typeof NodeView>;

/** What the add-node form needs for the practice node: its address and its own, locally generated password. */
export const PracticeAddress = z.object({
  host: z.string(),
  port: z.number(),
  username: z.string(),
  password: z.string(),
  isAdded: z.boolean(),
});
export type PracticeAddress = z.infer<typeof PracticeAddress>;
