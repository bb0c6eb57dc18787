import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_PROMPTS } from "../contracts/evaluations";
import { type RunOrder, RunParameters } from "../contracts/runs";
import { HIDDEN_VALUE } from "../contracts/secrets";
import type { Database } from "../db";
import { AppError, isAppError } from "../errors";
import { deleteNode, type NodePorts } from "../nodes";
import { createTestDatabase, testContext } from "../testing/database";
import { createRun } from "./create-run";
import { deleteRun } from "./delete-run";
import { getRun } from "./get-run";
import { getRunScript } from "./get-run-script";
import { listRuns } from "./list-runs";
import { previewRun } from "./preview-run";
import { retryRun } from "./retry-run";
import { attemptOf, createTestNode, playStage, runInput } from "./run-fixtures";
import { scheduleNode } from "./schedule-node";
import { stopRun } from "./stop-run";

/** A worker that cannot be reached: removing a node does not wait for it. */
const AWAY: NodePorts = {
  link: { request: () => Promise.reject(new AppError("PRECONDITION", "The worker is away.")) },
  practice: async () => null,
};

let db: Database;
let ctx: ReturnType<typeof testContext>;
beforeEach(async () => {
  db = await createTestDatabase();
  ctx = testContext(db, { actor: { id: "u1", name: "ada@example.org", role: "operator" } });
});
afterEach(() => db.close());

async function problemsOf(work: Promise<unknown>) {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isAppError(error)) throw new Error("it was not refused");
  return error.details?.fields?.map((field) => field.path) ?? [];
}

describe("creating a run", () => {
  it("queues three stages and tells pages and worker", async () => {
    const { nodeId } = await createTestNode(ctx);
    const run = await createRun({ ctx, input: runInput(nodeId, { name: "  first  " }) });
    expect(run).toMatchObject({
      name: "first",
      status: "queued",
      createdBy: "ada@example.org",
      nodeName: "dgx-04",
      modelName: "practice/tiny-lm",
      gpuCount: 2,
    });
    expect(run.stages.map((stage) => [stage.kind, stage.status])).toEqual([
      ["sft", "queued"],
      ["reward", "queued"],
      ["ppo", "queued"],
    ]);
    expect(ctx.published).toEqual([{ kind: "run", runId: run.id, nodeId }]);
    const audit = await db.prisma.auditEvent.findMany();
    expect(audit.map((entry) => [entry.actor, entry.action])).toEqual([["ada@example.org", "run.create"]]);
  });

  it("twenty calls with one key make one run", async () => {
    const { nodeId } = await createTestNode(ctx);
    const input = runInput(nodeId);
    const runs = await Promise.all(Array.from({ length: 20 }, () => createRun({ ctx, input })));
    expect(new Set(runs.map((run) => run.id)).size).toBe(1);
    expect(await db.prisma.run.count()).toBe(1);
    expect(await db.prisma.stage.count()).toBe(3);
    expect(await db.prisma.auditEvent.count()).toBe(1);
  });

  it("refuses bad values by the path of every field", async () => {
    const { nodeId } = await createTestNode(ctx);
    const input = runInput(nodeId);
    input.parameters.stages.sft.fields.learning_rate = "fast";
    input.parameters.stages.ppo.fields.no_such_flag = 1;
    input.parameters.stages.reward.gpuCount = 3;
    input.parameters.stages.reward.env = { CUDA_VISIBLE_DEVICES: "0" };
    expect((await problemsOf(createRun({ ctx, input }))).sort()).toEqual([
      "stages.ppo.fields.no_such_flag",
      "stages.reward.env.CUDA_VISIBLE_DEVICES",
      "stages.reward.gpuCount",
      "stages.sft.fields.learning_rate",
    ]);
    expect(await db.prisma.run.count()).toBe(0);
  });

  it("refuses a GPU that the node does not have, and a node that is gone", async () => {
    const { nodeId } = await createTestNode(ctx);
    const input = runInput(nodeId);
    input.parameters.stages.sft.gpuUuids = ["GPU-7"];
    expect(await problemsOf(createRun({ ctx, input }))).toEqual(["stages.sft.gpuUuids"]);
    await db.prisma.node.update({ where: { id: nodeId }, data: { removedAt: new Date() } });
    expect(await problemsOf(createRun({ ctx, input: runInput(nodeId) }))).toEqual(["nodeId"]);
  });

  it("keeps its parameters whole, so that a clone begins with them", async () => {
    const { nodeId } = await createTestNode(ctx);
    const input = runInput(nodeId);
    const first = await createRun({ ctx, input });
    const clone = await createRun({
      ctx,
      input: runInput(nodeId, { parameters: first.parameters, clonedFromId: first.id }),
    });
    expect(clone.parameters).toEqual(input.parameters);
    expect(clone.clonedFromId).toBe(first.id);
    const unknown = runInput(nodeId, { clonedFromId: nodeId });
    expect(await problemsOf(createRun({ ctx, input: unknown }))).toEqual(["clonedFromId"]);
  });
});

describe("secret variables", () => {
  const withToken = (nodeId: string, value: string, changes = {}) => {
    const input = runInput(nodeId, changes);
    input.parameters.stages.sft.env = { HF_TOKEN: value, HF_HOME: "/data" };
    return input;
  };
  const storedEnv = async (id: string) =>
    RunParameters.parse((await db.prisma.run.findUniqueOrThrow({ where: { id } })).parameters).stages.sft.env;

  it("are stored as typed and leave the server in no view, list, script, event or audit entry", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const input = withToken(nodeId, "hf_canary");
    const run = await createRun({ ctx, input });
    await scheduleNode({ ctx, lease });
    const everything = JSON.stringify([
      run,
      await getRun({ ctx, input: { id: run.id } }),
      await listRuns({ ctx, input: {} }),
      await getRunScript({ ctx, input: { id: run.id } }),
      await previewRun({ ctx, input: { nodeId, parameters: input.parameters } }),
      await db.prisma.auditEvent.findMany().then((rows) => rows.map(({ detail }) => detail)),
      await db.prisma.attemptEvent.findMany().then((rows) => rows.map(({ reason }) => reason)),
    ]);
    expect(everything).not.toContain("hf_canary");
    expect(run.parameters.stages.sft.env).toEqual({ HF_TOKEN: HIDDEN_VALUE, HF_HOME: "/data" });
    expect((await storedEnv(run.id)).HF_TOKEN).toBe("hf_canary");
  });

  it("are taken over by a clone whose form still shows them hidden", async () => {
    const { nodeId } = await createTestNode(ctx);
    const first = await createRun({ ctx, input: withToken(nodeId, "hf_canary") });
    const changes = { parameters: first.parameters, clonedFromId: first.id };
    const clone = await createRun({ ctx, input: runInput(nodeId, changes) });
    expect((await storedEnv(clone.id)).HF_TOKEN).toBe("hf_canary");
    const other = await createRun({ ctx, input: withToken(nodeId, "hf_other", { clonedFromId: first.id }) });
    expect((await storedEnv(other.id)).HF_TOKEN).toBe("hf_other");
  });

  it("have to be entered where nothing is stored", async () => {
    const { nodeId } = await createTestNode(ctx);
    const refused = createRun({ ctx, input: withToken(nodeId, HIDDEN_VALUE) });
    expect(await problemsOf(refused)).toEqual(["stages.sft.env.HF_TOKEN"]);
  });
});

describe("a run whose node is removed", () => {
  it("keeps the node's name, its history and its script, and starts nothing again", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const run = await createRun({ ctx, input: runInput(nodeId) });
    await scheduleNode({ ctx, lease });
    await playStage({ ctx, lease, runId: run.id }, "sft", "failed");
    await playStage({ ctx, lease, runId: run.id }, "reward");
    await deleteNode({ ctx, ports: AWAY, input: { id: nodeId } });
    const after = await getRun({ ctx, input: { id: run.id } });
    expect(after.nodeName).toMatch(/^dgx-04 \(removed 2\d{3}-/);
    expect(after.stages[0]?.attempts).toHaveLength(1);
    expect((await listRuns({ ctx, input: { nodeId } })).items.map(({ id }) => id)).toEqual([run.id]);
    expect(await getRunScript({ ctx, input: { id: run.id } })).toContain("run_ppo");
    await expect(retryRun({ ctx, input: { id: run.id, stage: "sft" } })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    expect(await problemsOf(createRun({ ctx, input: runInput(nodeId) }))).toEqual(["nodeId"]);
  });

  it("is never one that began while the node was being removed", async () => {
    for (let n = 0; n < 8; n++) {
      const { nodeId } = await createTestNode(ctx, { name: `node-${n}` });
      const outcomes = await Promise.allSettled([
        createRun({ ctx, input: runInput(nodeId) }),
        deleteNode({ ctx, ports: AWAY, input: { id: nodeId } }),
      ]);
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === "rejected") expect(outcome.reason.code).toMatch(/VALIDATION|CONFLICT/);
      }
    }
  });
});

describe("previewing a run", () => {
  it("shows findings, commands and the script, and stores nothing", async () => {
    const { nodeId } = await createTestNode(ctx);
    const { name, recipe, parameters } = runInput(nodeId, { name: "preview" });
    parameters.stages.ppo.fields.ppo_epochs = 2;
    const preview = await previewRun({ ctx, input: { name, recipe, nodeId, parameters } });
    expect(preview.findings.map((finding) => finding.path)).toContain("stages.ppo.fields.ppo_epochs");
    expect(preview.commands.map((entry) => entry.command.argv.slice(0, 3).join(" "))).toEqual([
      "deepspeed --include localhost:0",
      "deepspeed --include localhost:1",
      "deepspeed --include localhost:0,1",
    ]);
    expect(preview.script).toContain("#!/bin/sh");
    expect(await db.prisma.run.count()).toBe(0);
  });

  it("gives the script of a stored run, whose ppo reads what its stages write", async () => {
    const { nodeId } = await createTestNode(ctx);
    const run = await createRun({ ctx, input: runInput(nodeId) });
    const script = await getRunScript({ ctx, input: { id: run.id } });
    expect(script).toContain(`--actor_model_name_or_path "$HOME"/.trainyard/runs/${run.id}/sft-1`);
  });
});

describe("listing runs", () => {
  it("pages through all, newest first, each once", async () => {
    const { nodeId } = await createTestNode(ctx);
    const made: string[] = [];
    for (let n = 0; n < 5; n++) {
      const at = new Date(Date.UTC(2026, 0, 1, 0, 0, Math.floor(n / 2)));
      const run = await createRun({
        ctx: { ...ctx, now: () => at },
        input: runInput(nodeId, { name: `run ${n}` }),
      });
      made.push(run.id);
    }
    const allPages = async (sort: RunOrder) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await listRuns({ ctx, input: { limit: 2, sort, ...(cursor ? { cursor } : {}) } });
        seen.push(...page.items.map((run) => run.id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      return seen;
    };
    const newest = await allPages("newest");
    expect([...newest].sort()).toEqual([...made].sort());
    expect(newest[0]).toBe(made[4]);
    expect(await allPages("oldest")).toEqual(newest.toReversed());
    expect(await allPages("name")).toEqual(made);
    expect(await problemsOf(listRuns({ ctx, input: { cursor: "nonsense" } }))).toEqual(["cursor"]);
  });

  it("filters by state, node and name", async () => {
    const { nodeId } = await createTestNode(ctx);
    const active = await createRun({ ctx, input: runInput(nodeId, { name: "Alpha" }) });
    const ended = await createRun({ ctx, input: runInput(nodeId, { name: "Beta" }) });
    await stopRun({ ctx, input: { id: ended.id } });
    const ids = async (input: Parameters<typeof listRuns>[0]["input"]) =>
      (await listRuns({ ctx, input })).items.map((run) => run.id);
    expect(await ids({ status: "active" })).toEqual([active.id]);
    expect(await ids({ status: "ended" })).toEqual([ended.id]);
    expect(await ids({ status: "cancelled" })).toEqual([ended.id]);
    expect(await ids({ status: "failed" })).toEqual([]);
    expect(await ids({ q: "alph" })).toEqual([active.id]);
    expect(await ids({ nodeId: active.id })).toEqual([]);
  });

  it("shows progress and the headline of each stage", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const run = await createRun({ ctx, input: runInput(nodeId) });
    await scheduleNode({ ctx, lease });
    const attemptId = await attemptOf(ctx, run.id, "sft");
    const file = await db.prisma.nodeFile.create({
      data: { attemptId, path: "training.log", kind: "log", identity: "1:1" },
    });
    const tag = await db.prisma.scalarTag.create({
      data: { attemptId, tag: "loss", source: "log", sourceTag: "Loss" },
    });
    await db.pool.query(
      `INSERT INTO scalar (tag_id, step, file_id, record_offset, value)
       SELECT $1, n, $2, n, CASE WHEN n = 500 THEN 'NaN'::float8 ELSE 1000 - n END FROM generate_series(1, 1000) AS n`,
      [tag.id, file.id],
    );
    const view = (await listRuns({ ctx, input: {} })).items[0]?.stages[0];
    expect(view?.headline).toMatchObject({ tag: "loss", first: 999, last: 0 });
    expect(view?.headline?.spark.length).toBeLessThanOrEqual(60);
    expect(view?.headline?.spark[0]).toBe(999);
    expect((await getRun({ ctx, input: { id: run.id } })).stages[0]?.headline).toEqual(view?.headline);
  });
});

describe("deleting a run", () => {
  it("is refused while it is under way, and takes everything of it once it has ended", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const run = await createRun({ ctx, input: runInput(nodeId) });
    await scheduleNode({ ctx, lease });
    await expect(deleteRun({ ctx, input: { id: run.id } })).rejects.toMatchObject({ code: "CONFLICT" });
    await playStage({ ctx, lease, runId: run.id }, "sft", "failed");
    await playStage({ ctx, lease, runId: run.id }, "reward", "cancelled");
    await deleteRun({ ctx, input: { id: run.id } });
    expect(await db.prisma.attempt.count()).toBe(0);
    await expect(getRun({ ctx, input: { id: run.id } })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("asks for the removal of its files on the node only when somebody chose it", async () => {
    const { nodeId, lease } = await createTestNode(ctx);
    const ended = async () => {
      const { id: runId } = await createRun({ ctx, input: runInput(nodeId) });
      await scheduleNode({ ctx, lease });
      await playStage({ ctx, lease, runId }, "sft");
      await playStage({ ctx, lease, runId }, "reward", "failed");
      const attempts = await db.prisma.attempt.findMany({
        where: { stage: { runId } },
        orderBy: { id: "asc" },
      });
      for (const { id } of attempts) {
        await db.prisma.attempt.update({
          where: { id },
          data: { directory: `/home/ada/.trainyard/attempts/${id}` },
        });
      }
      return { runId, attemptIds: attempts.map(({ id }) => id) };
    };
    const requests = () => db.prisma.nodeCleanup.findMany();
    await deleteRun({ ctx, input: { id: (await ended()).runId } });
    expect(await requests()).toEqual([]);
    const logs = await ended();
    await deleteRun({ ctx, input: { id: logs.runId, nodeFiles: "logs" } });
    const [request] = await requests();
    expect(request).toMatchObject({
      nodeId,
      runId: logs.runId,
      workDirectory: "/home/ada/.trainyard",
      hasDataCache: true,
      hasOutputs: false,
      createdBy: "ada@example.org",
    });
    expect(request?.attemptIds.toSorted()).toEqual(logs.attemptIds);
    const orphan = await ended();
    await deleteNode({ ctx, ports: AWAY, input: { id: nodeId } });
    expect(await requests()).toEqual([]);
    await expect(deleteRun({ ctx, input: { id: orphan.runId, nodeFiles: "all" } })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    await deleteRun({ ctx, input: { id: orphan.runId, nodeFiles: "keep" } });
  });

  it("default prompts come with a run that names none", async () => {
    const { nodeId } = await createTestNode(ctx);
    const { evaluation: _evaluation, ...parameters } = runInput(nodeId).parameters;
    const run = await createRun({
      ctx,
      input: { ...runInput(nodeId), parameters: { ...parameters, evaluation: {} } },
    });
    expect(run.parameters.evaluation.prompts).toEqual([...DEFAULT_PROMPTS]);
  });
});
