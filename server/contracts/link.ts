import { z } from "zod";
import { ListFilesQuery, RemoteFile } from "./attempts";
import { PreviewDataInput, RawPreview } from "./data-previews";
import type { ErrorBody } from "./errors";
import { NodeAnswer, NodeQuestion } from "./node-checks";
import {
  FetchHostKeyInput,
  HostKey,
  NodeCredential,
  NodeInventory,
  TestConnectionInput,
  TestConnectionResult,
} from "./nodes";
import { PreparationSecrets } from "./preparation";
import { Id, Timestamp } from "./primitives";
import type { ChangeBatch, FileHint } from "./sockets";
import type { TelemetryTick } from "./telemetry";

/**
 * The internal link: web asks, the worker answers. A request that is not in this table does not exist.
 * Durable truth never travels here; it is in Postgres.
 */
export const LINK_REQUESTS = {
  /** Connects without authenticating and returns the host's key. NODE_UNREACHABLE, TIMEOUT. */
  "nodes.fetchHostKey": { input: FetchHostKeyInput, output: HostKey },
  /** Logs in, takes the inventory, stores nothing. SSH_AUTH_REJECTED, HOST_KEY_MISMATCH, NODE_UNREACHABLE, TIMEOUT. */
  "nodes.testConnection": { input: TestConnectionInput, output: TestConnectionResult },
  /** Encrypts and stores the credential of an existing node row. */
  "nodes.storeCredential": {
    input: z.object({ nodeId: Id, credential: NodeCredential }),
    output: z.object({}),
  },
  /** Encrypts and stores the secrets that preparing a node needs, or forgets those that are null. */
  "nodes.storePreparationSecrets": {
    input: z.object({ nodeId: Id, secrets: PreparationSecrets }),
    output: z.object({}),
  },
  "nodes.deleteCredential": { input: z.object({ nodeId: Id }), output: z.object({}) },
  /** Reconnects with what is stored, now, and takes the inventory. */
  "nodes.test": { input: z.object({ nodeId: Id }), output: TestConnectionResult },
  "nodes.refreshInventory": { input: z.object({ nodeId: Id }), output: NodeInventory },
  /** Checks what training needs and stores what was seen; takes up to 100 s. NODE_UNREACHABLE. */
  "nodes.checkReadiness": { input: z.object({ nodeId: Id }), output: z.object({}) },
  /** What runs with these needs would find there; answers of a few seconds ago are good enough. NODE_UNREACHABLE, TIMEOUT. */
  "nodes.checkRun": {
    input: z.object({
      nodeId: Id,
      questions: z.array(NodeQuestion).min(1).max(3),
      maxAgeSeconds: z.number().min(0).max(60).default(8),
    }),
    output: z.object({ at: Timestamp, answers: z.array(NodeAnswer) }),
  },
  /** The first rows of a data set, as training on the node reads them; up to 70 s. NODE_UNREACHABLE, PRECONDITION, LIMIT. */
  "nodes.previewData": {
    input: PreviewDataInput.omit({ parameters: true, isBrief: true }).extend({ nodeId: Id }),
    output: RawPreview,
  },
  "files.list": {
    input: ListFilesQuery.extend({ attemptId: Id }),
    output: z.object({ directory: z.string(), files: z.array(RemoteFile) }),
  },
  /** At most 1 MiB of a small file of the attempt, base64. */
  "files.read": {
    input: ListFilesQuery.extend({ attemptId: Id }),
    output: z.object({ sizeBytes: z.number(), base64: z.string(), isTruncated: z.boolean() }),
  },
  /** Rooms that somebody looks at now; replaces the web process's earlier list. Sets the pace of following. */
  watch: {
    input: z.object({ rooms: z.array(z.string()) }),
    output: z.object({ ticks: z.array(z.unknown()) }),
  },
  /** Desired state changed in Postgres: look now instead of at the next round. */
  wake: { input: z.object({ nodeIds: z.array(Id) }), output: z.object({}) },
  /** Every worker process's own figures, in Prometheus' exposition format. */
  metrics: { input: z.object({}), output: z.object({ texts: z.array(z.string()) }) },
  ping: {
    input: z.object({}),
    output: z.object({ pid: z.number(), owner: z.string(), nodeIds: z.array(Id) }),
  },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

export type LinkRequestName = keyof typeof LINK_REQUESTS;
export type LinkInput<N extends LinkRequestName> = z.input<(typeof LINK_REQUESTS)[N]["input"]>;
export type LinkOutput<N extends LinkRequestName> = z.output<(typeof LINK_REQUESTS)[N]["output"]>;
export type LinkReply<T> =
  | { ok: true; data: T }
  | { ok: false; error: Omit<ErrorBody["error"], "requestId"> };

export interface WorkerToWebEvents {
  /** One batch per second at most per node; all nodes of this worker together. */
  telemetry: (batch: { ticks: TelemetryTick[] }) => void;
  changed: (batch: ChangeBatch) => void;
  files: (batch: { hints: FileHint[] }) => void;
}
export interface WebToWorkerEvents {
  request: (name: LinkRequestName, input: unknown, reply: (result: LinkReply<unknown>) => void) => void;
}

/** The web process's side of the link, as verbs see it. */
export interface WorkerLink {
  /** @throws AppError PRECONDITION when no worker is connected, TIMEOUT past the deadline, or what the worker answered */
  request<N extends LinkRequestName>(
    name: N,
    input: LinkInput<N>,
    options?: { deadlineMs?: number },
  ): Promise<LinkOutput<N>>;
}
