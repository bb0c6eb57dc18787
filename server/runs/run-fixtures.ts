import { randomUUID } from "node:crypto";
import type { Context } from "../context";
import type { CreateRunInput } from "../contracts/runs";
import type { StageKind, Status } from "../contracts/statuses";
import { acquireLease, type NodeLease } from "../nodes/lease";
import { listPresets } from "../recipes";
import { recordAttempt } from "./record-attempt";

/** For tests: a node row with this many GPUs (uuid GPU-0 …), and the lease on it. */
export async function createTestNode(
  ctx: Context,
  { gpuCount = 2, name = "dgx-04" }: { gpuCount?: number; name?: string } = {},
): Promise<{ nodeId: string; lease: NodeLease }> {
  const gpus = Array.from({ length: gpuCount }, (_, index) => ({
    uuid: `GPU-${index}`,
    index,
    name: "Practice GPU (simulated)",
    memoryTotalMiB: 24_576,
  }));
  const node = await ctx.db.prisma.node.create({
    data: {
      name,
      host: "127.0.0.1",
      username: "ada",
      authMethod: "password",
      isPractice: true,
      gpus: { create: gpus },
    },
  });
  const lease = await acquireLease(ctx.db.pool, node.id, `test-${randomUUID()}`);
  if (lease === null) throw new Error("the lease of a new node is taken");
  return { nodeId: node.id, lease };
}

export function runInput(nodeId: string, changes: Partial<CreateRunInput> = {}): CreateRunInput {
  const practice = listPresets("deepspeed-chat").find((preset) => preset.isPractice);
  if (practice === undefined) throw new Error("there is no practice preset");
  const evaluation = {
    isEnabled: true,
    prompts: ["Human: Hello? Assistant:"],
    settings: { maxNewTokens: 20, temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1, seed: 1 },
  };
  return {
    name: "practice",
    recipe: "deepspeed-chat",
    nodeId,
    parameters: { presetId: practice.id, stages: structuredClone(practice.stages), evaluation },
    idempotencyKey: randomUUID(),
    ...changes,
  };
}

/** The newest attempt of a stage. */
export async function attemptOf(ctx: Context, runId: string, kind: StageKind): Promise<string> {
  const attempt = await ctx.db.prisma.attempt.findFirstOrThrow({
    where: { stage: { runId, kind } },
    orderBy: { number: "desc" },
  });
  return attempt.id;
}

/** Takes the newest attempt of a stage through its life, as the worker would. */
export async function playStage(
  parts: { ctx: Context; lease: NodeLease; runId: string },
  kind: StageKind,
  end: Status = "succeeded",
): Promise<void> {
  const { ctx, lease, runId } = parts;
  const attemptId = await attemptOf(ctx, runId, kind);
  const record = (to: Status, reason: string) => recordAttempt({ ctx, lease, attemptId, to, reason });
  await recordAttempt({
    ctx,
    lease,
    attemptId,
    to: "starting",
    reason: "launching",
    patch: { outputDirectory: `/home/ada/.trainyard/runs/${runId}/${kind}-1` },
  });
  await record("running", "its supervisor is alive");
  await record(end, end === "succeeded" ? "finished" : "it broke");
}
