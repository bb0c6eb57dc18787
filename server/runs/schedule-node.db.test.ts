import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDataSet, deleteDataSet } from "../datasets";
import type { Database } from "../db";
import { createTestDatabase, testContext } from "../testing/database";
import { createRun } from "./create-run";
import { getRun } from "./get-run";
import type { NodeNow } from "./load-node-queue";
import { recordAttempt } from "./record-attempt";
import { retryRun } from "./retry-run";
import { attemptOf, createTestNode, playStage, runInput } from "./run-fixtures";
import { scheduleNode } from "./schedule-node";
import { stopRun } from "./stop-run";

let db: Database;
let ctx: ReturnType<typeof testContext>;
beforeEach(async () => {
  db = await createTestDatabase();
  ctx = testContext(db);
});
afterEach(() => db.close());

const claims = async () =>
  (await db.prisma.gpuClaim.findMany({ orderBy: { gpuUuid: "asc" } })).map((claim) => claim.gpuUuid);
const statusesOf = async (runId: string) =>
  (await getRun({ ctx, input: { id: runId } })).stages.map((stage) => `${stage.kind} ${stage.status}`);
const reasonOf = async (runId: string, kind: string) =>
  (await getRun({ ctx, input: { id: runId } })).stages.find((stage) => stage.kind === kind)?.reason;

describe("scheduling a node", () => {
  it("starts sft and reward on different GPUs, then ppo on both, then the evaluation", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const { id: runId } = await createRun({ ctx, input: runInput(nodeId) });
    const parts = { ctx, lease, runId };

    expect((await scheduleNode({ ctx, lease })).created).toHaveLength(2);
    expect(await claims()).toEqual(["GPU-0", "GPU-1"]);
    expect(await reasonOf(runId, "ppo")).toBe("waits for Supervised fine-tuning and Reward model");

    await playStage(parts, "sft");
    expect((await scheduleNode({ ctx, lease })).created).toEqual([]);
    expect(await claims()).toEqual(["GPU-1"]);
    expect(await statusesOf(runId)).toEqual(["sft succeeded", "reward queued", "ppo queued"]);

    await playStage(parts, "reward");
    expect((await scheduleNode({ ctx, lease })).created).toHaveLength(1);
    expect(await claims()).toEqual(["GPU-0", "GPU-1"]);
    await playStage(parts, "ppo");
    const run = await getRun({ ctx, input: { id: runId } });
    expect(run.status).toBe("succeeded");
    expect(run.endedAt).not.toBeNull();
    expect(await claims()).toEqual([]);

    const evaluation = await db.prisma.evaluation.findFirstOrThrow({ where: { runId } });
    expect(evaluation.models).toEqual([
      { key: "baseline", label: "Baseline", path: "practice/tiny-lm" },
      { key: "sft", label: "Fine-tuned (SFT)", path: `/home/ada/.trainyard/runs/${runId}/sft-1` },
      { key: "actor", label: "RLHF actor", path: `/home/ada/.trainyard/runs/${runId}/ppo-1/actor` },
    ]);
    const [attemptId = ""] = (await scheduleNode({ ctx, lease })).created;
    expect(await claims()).toEqual(["GPU-0"]);
    await recordAttempt({ ctx, lease, attemptId, to: "running", reason: "alive" });
    await recordAttempt({ ctx, lease, attemptId, to: "succeeded", reason: "finished" });
    const ended = await db.prisma.evaluation.findUniqueOrThrow({ where: { id: evaluation.id } });
    expect(ended.status).toBe("succeeded");
    expect(await claims()).toEqual([]);
  });

  it("makes no evaluation when the plan has none", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const input = runInput(nodeId);
    input.parameters.evaluation.isEnabled = false;
    const { id: runId } = await createRun({ ctx, input });
    await scheduleNode({ ctx, lease });
    await playStage({ ctx, lease, runId }, "sft");
    await playStage({ ctx, lease, runId }, "reward");
    await scheduleNode({ ctx, lease });
    await playStage({ ctx, lease, runId }, "ppo");
    expect(await db.prisma.evaluation.count()).toBe(0);
  });

  it("twenty calls at once make each attempt once", async () => {
    const { nodeId, lease } = await createTestNode(ctx, { gpuCount: 8 });
    await createRun({ ctx, input: runInput(nodeId) });
    await createRun({ ctx, input: runInput(nodeId) });
    const results = await Promise.all(Array.from({ length: 20 }, () => scheduleNode({ ctx, lease })));
    expect(results.flatMap((result) => result.created)).toHaveLength(4);
    expect(await db.prisma.attempt.count()).toBe(4);
    expect(await claims()).toHaveLength(4);
  });

  it("a second run waits for the first, which gets its GPUs back for ppo", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const first = await createRun({ ctx, input: runInput(nodeId) });
    const second = await createRun({ ctx, input: runInput(nodeId) });
    await scheduleNode({ ctx, lease });
    expect(await reasonOf(second.id, "sft")).toBe("waits for 1 GPU on dgx-04, next in line");
    await playStage({ ctx, lease, runId: first.id }, "sft");
    await scheduleNode({ ctx, lease });
    expect(await statusesOf(second.id)).toEqual(["sft queued", "reward queued", "ppo queued"]);
    expect(await db.prisma.attempt.count({ where: { stage: { runId: second.id } } })).toBe(0);

    await playStage({ ctx, lease, runId: first.id }, "reward", "failed");
    expect(await statusesOf(first.id)).toEqual(["sft succeeded", "reward failed", "ppo cancelled"]);
    expect(await reasonOf(first.id, "ppo")).toBe("not started: Reward model failed");
    await scheduleNode({ ctx, lease });
    expect(await db.prisma.attempt.count({ where: { stage: { runId: second.id } } })).toBe(2);
  });

  it("a lease that was taken over writes nothing", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    await createRun({ ctx, input: runInput(nodeId) });
    await db.pool.query("UPDATE node_lease SET owner = 'another', epoch = epoch + 1");
    await expect(scheduleNode({ ctx, lease })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await db.prisma.attempt.count()).toBe(0);
  });

  it("gives no GPU that is cut into MIG instances, but the instances", async () => {
    const { nodeId, lease } = await createTestNode(ctx, { gpuCount: 1 });
    const mig = (n: number) => ({
      nodeId,
      uuid: `MIG-${n}`,
      index: 0,
      name: "H200 MIG 1g",
      parentUuid: "GPU-0",
      migIndex: n,
    });
    await db.prisma.gpu.createMany({ data: [mig(1), mig(0)] });
    await createRun({ ctx, input: runInput(nodeId) });
    await scheduleNode({ ctx, lease });
    expect(await claims()).toEqual(["MIG-0", "MIG-1"]);
  });
});

describe("GPUs that somebody else uses", () => {
  const used = (by: string, isNamed: boolean, ...uuids: string[]): NodeNow => ({
    foreignUse: new Map(uuids.map((uuid) => [uuid, { by, isNamed, memoryMiB: 2_000, programs: [] }])),
    isReachable: true,
  });

  it("are left alone, with the reason in the stage, and taken once they are free", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const { id: runId } = await createRun({ ctx, input: runInput(nodeId) });
    const node = used("pid 123 of ada (42 GB)", true, "GPU-0", "GPU-1");
    expect((await scheduleNode({ ctx, lease, node })).created).toEqual([]);
    expect(await reasonOf(runId, "sft")).toBe(
      "waits for 1 GPU on dgx-04, GPU 0 is used by pid 123 of ada (42 GB); GPU 1 is used by pid 123 of ada (42 GB)",
    );
    expect((await scheduleNode({ ctx, lease })).created).toHaveLength(2);
    expect(await reasonOf(runId, "sft")).toBeNull();
  });

  it("are taken by a stage that chose them by name", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const input = runInput(nodeId);
    input.parameters.stages.sft.gpuUuids = ["GPU-1"];
    await createRun({ ctx, input });
    const node = used("pid 123 of ada (42 GB)", true, "GPU-0", "GPU-1");
    expect((await scheduleNode({ ctx, lease, node })).created).toHaveLength(1);
    expect(await claims()).toEqual(["GPU-1"]);
  });

  it("are not those whose memory an attempt of ours has just left behind", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const { id: runId } = await createRun({ ctx, input: runInput(nodeId) });
    await scheduleNode({ ctx, lease });
    const parts = { ctx, lease, runId };
    await playStage(parts, "sft");
    await playStage(parts, "reward");
    const node = used("something else (42 GB)", false, "GPU-0", "GPU-1");
    const later = { ...ctx, now: () => new Date(Date.now() + 31_000) };
    expect((await scheduleNode({ ctx: later, lease, node })).created).toEqual([]);
    expect((await scheduleNode({ ctx, lease, node })).created).toHaveLength(1);
  });
});

it("nothing starts on a node that cannot be reached, and the stages say so", async () => {
  const { nodeId, lease } = await createTestNode(ctx);
  const { id: runId } = await createRun({ ctx, input: runInput(nodeId) });
  const node = { foreignUse: new Map(), isReachable: false };
  expect((await scheduleNode({ ctx, lease, node })).created).toEqual([]);
  expect(await reasonOf(runId, "sft")).toBe("waits for dgx-04, which cannot be reached");
  expect((await scheduleNode({ ctx, lease })).created).toHaveLength(2);
});

describe("retrying", () => {
  it("makes a new attempt of the stage and the pipeline goes on from there", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const { id: runId } = await createRun({ ctx, input: runInput(nodeId) });
    const parts = { ctx, lease, runId };
    await scheduleNode({ ctx, lease });
    await playStage(parts, "sft", "failed");
    await playStage(parts, "reward");
    expect((await getRun({ ctx, input: { id: runId } })).status).toBe("failed");

    await expect(retryRun({ ctx, input: { id: runId, stage: "ppo" } })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    await expect(retryRun({ ctx, input: { id: runId, stage: "reward" } })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    const retried = await retryRun({ ctx, input: { id: runId, stage: "sft" } });
    expect(retried.endedAt).toBeNull();
    expect(await statusesOf(runId)).toEqual(["sft queued", "reward succeeded", "ppo queued"]);

    await scheduleNode({ ctx, lease });
    await playStage(parts, "sft");
    await scheduleNode({ ctx, lease });
    await playStage(parts, "ppo");
    const run = await getRun({ ctx, input: { id: runId } });
    expect(run.status).toBe("succeeded");
    expect(run.stages[0]?.attempts.map((attempt) => `${attempt.number} ${attempt.status}`)).toEqual([
      "1 failed",
      "2 succeeded",
    ]);
  });

  it("may change fields of the stage, and refuses those of no stage without changing anything", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const { id: runId } = await createRun({ ctx, input: runInput(nodeId) });
    await scheduleNode({ ctx, lease });
    await playStage({ ctx, lease, runId }, "sft", "failed");
    const before = (await getRun({ ctx, input: { id: runId } })).parameters;
    for (const [name, value] of [
      ["no_such_field", 1],
      ["per_device_train_batch_size", 0],
    ] as const) {
      const fields = { [name]: value };
      await expect(retryRun({ ctx, input: { id: runId, stage: "sft", fields } })).rejects.toMatchObject({
        code: "VALIDATION",
      });
    }
    expect(await getRun({ ctx, input: { id: runId } })).toMatchObject({ parameters: before });

    const fields = { per_device_train_batch_size: 2, gradient_accumulation_steps: 2 };
    const { parameters } = await retryRun({ ctx, input: { id: runId, stage: "sft", fields } });
    expect(parameters.stages.sft.fields).toEqual({ ...before.stages.sft.fields, ...fields });
    expect(parameters.stages.reward).toEqual(before.stages.reward);
    expect(await statusesOf(runId)).toContain("sft queued");
  });

  it("finds the uploaded data of the run, and says so once somebody deleted what the stage reads", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const rows = Array.from({ length: 40 }, (_, i) => ({ prompt: `p ${i}`, chosen: "yes", rejected: "no" }));
    async function* bytes() {
      yield Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    }
    const set = await createDataSet({ ctx, input: { name: "own", fileName: "own.jsonl", bytes: bytes() } });
    const input = runInput(nodeId);
    input.parameters.stages.sft.fields.data_path = [set.versions[0]?.reference ?? ""];
    const { id: runId } = await createRun({ ctx, input });
    await scheduleNode({ ctx, lease });
    await playStage({ ctx, lease, runId }, "sft", "failed");
    await playStage({ ctx, lease, runId }, "reward", "failed");

    const fields = { per_device_train_batch_size: 2 };
    await retryRun({ ctx, input: { id: runId, stage: "sft", fields } });
    expect(await statusesOf(runId)).toContain("sft queued");
    await scheduleNode({ ctx, lease });
    await playStage({ ctx, lease, runId }, "sft", "failed");

    await deleteDataSet({ ctx, input: { id: set.id } });
    await expect(retryRun({ ctx, input: { id: runId, stage: "sft" } })).rejects.toMatchObject({
      code: "PRECONDITION",
      message: expect.stringContaining("own@"),
    });
    await retryRun({ ctx, input: { id: runId, stage: "reward" } });
    expect(await statusesOf(runId)).toContain("reward queued");
  });

  it("is refused while the stage is under way", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const { id: runId } = await createRun({ ctx, input: runInput(nodeId) });
    await scheduleNode({ ctx, lease });
    await expect(retryRun({ ctx, input: { id: runId, stage: "sft" } })).rejects.toMatchObject({
      code: "CONFLICT",
    });
  });
});

describe("stopping", () => {
  it("cancels what has not started at once and asks what runs to stop", async () => {
    const { nodeId, lease } = await createTestNode(ctx, { gpuCount: 1 });
    const input = runInput(nodeId);
    input.parameters.stages.ppo.gpuCount = 1;
    const { id: runId } = await createRun({ ctx, input });
    await scheduleNode({ ctx, lease });
    const attemptId = await attemptOf(ctx, runId, "sft");
    await recordAttempt({ ctx, lease, attemptId, to: "running", reason: "alive" });

    const stopped = await stopRun({ ctx, input: { id: runId, graceSeconds: 7 } });
    expect(stopped.stages.map((stage) => stage.status)).toEqual(["stopping", "cancelled", "cancelled"]);
    expect(stopped.status).toBe("stopping");
    expect(await db.prisma.attempt.findUnique({ where: { id: attemptId } })).toMatchObject({
      desired: "stop",
      stopGraceSeconds: 7,
      stopRequestedBy: "system",
    });
    expect((await scheduleNode({ ctx, lease })).created).toEqual([]);
    await recordAttempt({ ctx, lease, attemptId, to: "cancelled", reason: "stopped" });
    expect((await getRun({ ctx, input: { id: runId } })).status).toBe("cancelled");
    expect(await claims()).toEqual([]);
    await expect(stopRun({ ctx, input: { id: runId } })).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("leaves an attempt that may be launching to the worker, with its claim", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const { id: runId } = await createRun({ ctx, input: runInput(nodeId) });
    await scheduleNode({ ctx, lease });
    await stopRun({ ctx, input: { id: runId } });
    expect(await statusesOf(runId)).toEqual(["sft queued", "reward queued", "ppo cancelled"]);
    expect(await claims()).toHaveLength(2);
  });

  it("of one stage leaves the other running", async () => {
    const { nodeId, lease } = await createTestNode(ctx, { gpuCount: 1 });
    const input = runInput(nodeId);
    input.parameters.stages.ppo.gpuCount = 1;
    const { id: runId } = await createRun({ ctx, input });
    await scheduleNode({ ctx, lease });
    await stopRun({ ctx, input: { id: runId, stage: "reward" } });
    expect(await statusesOf(runId)).toEqual(["sft queued", "reward cancelled", "ppo cancelled"]);
    expect(await reasonOf(runId, "reward")).toBe("stopped before it started");
  });
});
