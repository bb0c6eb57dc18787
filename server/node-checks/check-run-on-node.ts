import type { z } from "zod";
import type { Context } from "../context";
import type { WorkerLink } from "../contracts/link";
import {
  type NodeAnswer,
  type NodeChecks,
  NodeChecksInput,
  type NodeQuestion,
} from "../contracts/node-checks";
import { isAppError } from "../errors";
import { checkpointBytes } from "../recipes";
import { readNodeFacts } from "../runs";
import { type ForeignUse, foreignUse, newestTicks } from "../telemetry";
import { judgeNodeChecks } from "./judge";
import { buildQuestions } from "./questions";

/** Up to three questions of 15 s, one after the other. */
const DEADLINE_MS = 50_000;
/** A reading older than this says nothing about now. */
const FRESH_MS = 15_000;
/** Reasons to go on without the node's word: a run may be queued for it all the same. */
const AWAY = new Set(["NODE_UNREACHABLE", "TIMEOUT", "PRECONDITION", "REMOTE_COMMAND_FAILED", "LIMIT"]);

/**
 * What only the node can say of a run before it starts: room, models, data, GPUs in use, a port. Stores nothing, and
 * changes nothing there.
 * @throws AppError VALIDATION when there is no such node
 */
export async function checkRunOnNode({
  ctx,
  ports,
  input,
  maxAgeSeconds,
}: {
  ctx: Context;
  ports: { link: WorkerLink };
  input: z.input<typeof NodeChecksInput>;
  /** Left out: of some seconds ago. */
  maxAgeSeconds?: number;
}): Promise<NodeChecks> {
  const { nodeId, parameters } = NodeChecksInput.parse(input);
  const facts = await readNodeFacts(ctx, nodeId);
  const { name, isPractice, examplesDirectory, gpus } = facts;
  const { env } = facts.settings;
  const { questions, needs } = buildQuestions(parameters, { isPractice, examplesDirectory, env });
  const asked = await askNode(ports.link, { nodeId, questions, maxAgeSeconds });
  if ("failure" in asked) return { checkedAt: null, failure: asked.failure, findings: [], checked: [] };
  const { sft, reward, ppo } = checkpointBytes(parameters);
  return {
    checkedAt: asked.at,
    failure: null,
    ...judgeNodeChecks({
      node: { name, isPractice, gpus, env },
      ...{ parameters, questions, needs },
      answers: asked.answers,
      checkpointBytes: { sft: sft.bytes, reward: reward.bytes, ppo: ppo.bytes },
      foreignUse: await readForeignUse(ctx, nodeId),
      claimedUuids: await readClaims(ctx, nodeId),
    }),
  };
}

async function askNode(
  link: WorkerLink,
  input: { nodeId: string; questions: NodeQuestion[]; maxAgeSeconds: number | undefined },
): Promise<{ at: string; answers: NodeAnswer[] } | { failure: string }> {
  try {
    return await link.request("nodes.checkRun", input, { deadlineMs: DEADLINE_MS });
  } catch (error) {
    if (isAppError(error) && AWAY.has(error.code)) return { failure: error.message };
    throw error;
  }
}

/** As the newest reading tells; null: there is no fresh one. */
async function readForeignUse(ctx: Context, nodeId: string): Promise<ReadonlyMap<string, ForeignUse> | null> {
  const [tick] = await newestTicks({ ctx, input: { nodeIds: [nodeId] } });
  if (!tick || ctx.now().getTime() - tick.at > FRESH_MS) return null;
  return foreignUse(tick, tick.processes ?? []);
}

async function readClaims(ctx: Context, nodeId: string): Promise<ReadonlySet<string>> {
  const claims = await ctx.db.prisma.gpuClaim.findMany({ where: { nodeId }, select: { gpuUuid: true } });
  return new Set(claims.map(({ gpuUuid }) => gpuUuid));
}
