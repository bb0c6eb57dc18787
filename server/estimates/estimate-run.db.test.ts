import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../db";
import { listPresets } from "../recipes";
import { createRun, scheduleNode } from "../runs";
import { createTestNode, playStage, runInput } from "../runs/run-fixtures";
import { createTestDatabase, testContext } from "../testing/database";
import { estimateRun } from "./estimate-run";
import { listRetryOptions } from "./list-retry-options";

let db: Database;
let ctx: ReturnType<typeof testContext>;
beforeEach(async () => {
  db = await createTestDatabase();
  ctx = testContext(db, { actor: { id: "u1", name: "ada@example.org", role: "operator" } });
});
afterEach(() => db.close());

function presetFor(pattern: RegExp) {
  const preset = listPresets("deepspeed-chat").find(({ id }) => pattern.test(id));
  if (preset === undefined) throw new Error("no such preset");
  return preset;
}

async function twoA30(settings: object): Promise<string> {
  const gpu = (index: number) => ({
    uuid: `GPU-${index}`,
    index,
    name: "NVIDIA A30",
    memoryTotalMiB: 24_576,
  });
  const { id } = await ctx.db.prisma.node.create({
    data: {
      ...{ name: "a30", host: "127.0.0.1", username: "ada", authMethod: "password", settings },
      gpus: { create: [gpu(0), gpu(1)] },
    },
  });
  return id;
}

describe("estimating a run", () => {
  it("tells what fits two A30, how long it takes and what it costs", async () => {
    const nodeId = await twoA30({ pricePerGpuHour: 1.5 });
    const { stages } = structuredClone(presetFor(/a30/i));
    stages.sft.fields.per_device_train_batch_size = 8;
    stages.sft.fields.gradient_checkpointing = false;
    stages.sft.fields.data_path = ["Dahoas/rm-static"];
    const { parameters } = runInput(nodeId);
    const { pricePerGpuHour, stages: answer } = await estimateRun({
      ctx,
      input: { nodeId, parameters: { ...parameters, stages } },
    });
    expect(pricePerGpuHour).toBe(1.5);
    const [sft] = answer;
    expect(sft).toMatchObject({ stage: "sft", gpuCount: 2, isFitting: false, batch: 8, largestBatch: 4 });
    expect(sft?.time?.basis).toBe("published");
    expect(sft?.cost).toBeCloseTo(((sft?.time?.seconds ?? 0) / 3600) * 2 * 1.5);
  });

  it("goes by our own finished stages once there are some, and says nothing of a model that it does not know", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const input = runInput(nodeId);
    const before = await estimateRun({ ctx, input });
    expect(before.stages[0]).toMatchObject({ memory: null, time: null, cost: null });
    expect(before.stages[0]?.reason).toContain("does not tell how large");

    const run = await createRun({ ctx, input });
    await scheduleNode({ ctx, lease });
    await playStage({ ctx, lease, runId: run.id }, "sft");
    await ctx.db.prisma
      .$executeRaw`UPDATE attempt SET "startedAt" = "endedAt" - interval '300 s' WHERE status = 'succeeded'`;
    const after = await estimateRun({ ctx, input });
    expect(after.stages[0]?.time).toMatchObject({ basis: "own", runCount: 1 });
    expect(after.stages[0]?.time?.seconds).toBeCloseTo(300, 0);
    expect(after.stages[1]?.time).toBeNull();
  });

  it("offers a stage that ran out of memory less of it", async () => {
    const nodeId = await twoA30({});
    const { stages } = structuredClone(presetFor(/a30/i));
    stages.sft.fields.gradient_checkpointing = false;
    stages.sft.fields.per_device_train_batch_size = 8;
    const input = runInput(nodeId);
    const run = await createRun({ ctx, input: { ...input, parameters: { ...input.parameters, stages } } });
    const { now, options } = await listRetryOptions({ ctx, input: { id: run.id, stage: "sft" } });
    expect(now.isFitting).toBe(false);
    expect(options.map(({ label, estimate }) => [label, estimate.isFitting])).toEqual([
      ["Batch 4, accumulation 2", true],
      ["ZeRO stage 3", false],
    ]);
  });

  it("offers no change that would need as much", async () => {
    const nodeId = await twoA30({});
    const { stages } = structuredClone(presetFor(/a30/i));
    for (const stage of [stages.sft, stages.reward, stages.ppo]) stage.gpuCount = 1;
    Object.assign(stages.sft.fields, { gradient_checkpointing: false, per_device_train_batch_size: 8 });
    const input = runInput(nodeId);
    const run = await createRun({ ctx, input: { ...input, parameters: { ...input.parameters, stages } } });
    const { now, options } = await listRetryOptions({ ctx, input: { id: run.id, stage: "sft" } });
    expect(options.map(({ label }) => label)).toEqual([expect.stringMatching(/^Batch /)]);
    expect(options[0]?.estimate.memory?.totalGiB).toBeLessThan(now.memory?.totalGiB ?? 0);
  });

  it("names the node as what is wrong when there is none", async () => {
    const { parameters } = runInput("00000000-0000-4000-8000-000000000000");
    const work = estimateRun({ ctx, input: { nodeId: "00000000-0000-4000-8000-000000000000", parameters } });
    await expect(work).rejects.toMatchObject({
      code: "VALIDATION",
      details: { fields: [{ path: "nodeId" }] },
    });
  });
});
