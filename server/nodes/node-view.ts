import type { ErrorCode } from "../contracts/errors";
import { ERROR_CODES } from "../contracts/errors";
import { AUTH_METHODS, type Gpu, NodeInventory, NodeSettings, type NodeView } from "../contracts/nodes";
import { hideSecrets } from "../contracts/secrets";
import { NODE_STATUSES, STAGE_KINDS } from "../contracts/statuses";
import type { Prisma } from "../db";
import { readinessSummary } from "./readiness/readiness-report";

/** What a NodeView is made of. Credentials are in no relation of Node, so none can come along. */
export const NODE_INCLUDE = {
  readiness: true,
  gpus: { orderBy: { index: "asc" } },
  claims: {
    include: {
      attempt: {
        select: {
          id: true,
          stage: { select: { kind: true, run: { select: { id: true, name: true } } } },
          evaluation: { select: { run: { select: { id: true, name: true } } } },
        },
      },
    },
  },
} as const satisfies Prisma.NodeInclude;

export type NodeRow = Prisma.NodeGetPayload<{ include: typeof NODE_INCLUDE }>;

export function nodeView(row: NodeRow): NodeView {
  return {
    id: row.id,
    name: row.name,
    host: row.host,
    port: row.port,
    username: row.username,
    authMethod: oneOf(AUTH_METHODS, row.authMethod) ?? "password",
    isPractice: row.isPractice,
    hostKeyAlgorithm: row.hostKeyAlgorithm,
    hostKeyFingerprint: row.hostKeyFingerprint,
    status: oneOf(NODE_STATUSES, row.status) ?? "pending",
    statusCode: oneOf<ErrorCode>(ERROR_CODES, row.statusCode),
    statusMessage: row.statusMessage,
    statusChangedAt: row.statusChangedAt.toISOString(),
    lastContactAt: row.lastContactAt?.toISOString() ?? null,
    // An inventory of an older version of the probe is as good as none: the next one replaces it.
    inventory: NodeInventory.safeParse(row.inventory).data ?? null,
    inventoryAt: row.inventoryAt?.toISOString() ?? null,
    readiness: readinessSummary(row.readiness),
    settings: settingsView(row.settings),
    gpus: row.gpus.map((gpu) => gpuView(gpu, row.claims)),
    createdAt: row.createdAt.toISOString(),
  };
}

function settingsView(stored: unknown): NodeSettings {
  const settings = NodeSettings.parse(stored);
  return { ...settings, env: hideSecrets(settings.env) };
}

function gpuView(gpu: NodeRow["gpus"][number], claims: NodeRow["claims"]): Gpu {
  const claim = claims.find((candidate) => candidate.gpuUuid === gpu.uuid);
  return {
    nodeId: gpu.nodeId,
    uuid: gpu.uuid,
    index: gpu.index,
    name: gpu.name,
    memoryTotalMiB: gpu.memoryTotalMiB,
    parentUuid: gpu.parentUuid,
    migProfile: gpu.migProfile,
    migIndex: gpu.migIndex,
    claimedBy: claim ? holderOf(claim.attempt) : null,
  };
}

function holderOf(attempt: NodeRow["claims"][number]["attempt"]): Gpu["claimedBy"] {
  const run = attempt.stage?.run ?? attempt.evaluation?.run;
  if (!run) return null;
  return {
    attemptId: attempt.id,
    runId: run.id,
    runName: run.name,
    stage: oneOf(STAGE_KINDS, attempt.stage?.kind ?? null),
  };
}

function oneOf<T extends string>(values: readonly T[], value: string | null): T | null {
  return values.find((candidate) => candidate === value) ?? null;
}
