import { z } from "zod";
import type { Context } from "../context";
import {
  PREPARATION_SECRETS,
  PREPARATION_STATUSES,
  type PreparationJob,
  PreparationSettings,
  PreparationStep,
  type PreparationView,
} from "../contracts/preparation";
import type { models } from "../db";
import { AppError } from "../errors";

export const PRACTICE_REFUSAL =
  "The practice node simulates its training: there is nothing to install on it.";

/** @throws AppError NOT_FOUND, also for a node that was removed */
export async function getPreparation({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<PreparationView> {
  const node = await ctx.db.prisma.node.findFirst({
    where: { id: input.id, removedAt: null },
    select: {
      isPractice: true,
      preparation: true,
      preparationArchive: { select: { name: true, sha256: true, sizeBytes: true } },
    },
  });
  if (node === null) throw new AppError("NOT_FOUND", "There is no such node, or it was removed.");
  const secrets = await ctx.db.prisma.preparationSecret.findMany({
    where: { nodeId: input.id },
    select: { name: true },
  });
  const stored = new Set(secrets.map(({ name }) => name));
  return {
    refusal: node.isPractice ? PRACTICE_REFUSAL : null,
    settings: storedSettings(node.preparation?.settings),
    storedSecrets: PREPARATION_SECRETS.filter((name) => stored.has(name)),
    archive: node.preparationArchive,
    preparedAt: node.preparation?.preparedAt?.toISOString() ?? null,
    job: node.preparation === null ? null : jobView(node.preparation),
  };
}

/** Those of an older version that no longer parse are as good as none. */
export function storedSettings(settings: unknown): PreparationSettings {
  return PreparationSettings.safeParse(settings).data ?? PreparationSettings.parse({});
}

function jobView(row: models.NodePreparation): PreparationJob {
  return {
    id: row.jobId,
    action: row.action === "uninstall" ? "uninstall" : "prepare",
    status: z.enum(PREPARATION_STATUSES).parse(row.status),
    isCancelRequested: row.isCancelRequested,
    requestedBy: row.requestedBy,
    requestedAt: row.requestedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    reason: row.reason,
    steps: z.array(PreparationStep).parse(row.steps),
    logSize: Number(row.logSize),
  };
}
