import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../db";
import { createRun, deleteRun, recordAttempt, renderAttempt, scheduleNode } from "../runs";
import { attemptOf, createTestNode, playStage, runInput } from "../runs/run-fixtures";
import { createTestDatabase, testContext } from "../testing/database";
import { buildEvaluationRequest } from "./build-request";
import { createEvaluation } from "./create-evaluation";
import { deleteEvaluation } from "./delete-evaluation";
import { exportEvaluation } from "./export-evaluation";
import { getEvaluation } from "./get-evaluation";
import { listEvaluations } from "./list-evaluations";
import { listRunModels } from "./list-run-models";
import { stopEvaluation } from "./stop-evaluation";

let db: Database;
let ctx: ReturnType<typeof testContext>;
beforeEach(async () => {
  db = await createTestDatabase();
  ctx = testContext(db);
});
afterEach(() => db.close());

const FACTS = {
  homeDirectory: "/home/ada",
  workDirectory: "/home/ada/.trainyard",
  examplesDirectory: "/home/ada/DeepSpeedExamples",
  gpuIndexByUuid: new Map([
    ["GPU-0", 0],
    ["GPU-1", 1],
  ]),
  masterPort: 23456,
};

/** A run with all stages done, and no evaluation of its own. */
async function finishedRun({ withEma = false } = {}) {
  const { nodeId, lease } = await createTestNode(ctx);
  const input = runInput(nodeId);
  input.parameters.evaluation.isEnabled = false;
  input.parameters.stages.ppo.fields.enable_ema = withEma;
  const { id: runId } = await createRun({ ctx, input });
  const parts = { ctx, lease, runId };
  await scheduleNode({ ctx, lease });
  await playStage(parts, "sft");
  await playStage(parts, "reward");
  await scheduleNode({ ctx, lease });
  await playStage(parts, "ppo");
  return { nodeId, lease, runId };
}

describe("an evaluation on demand", () => {
  it("asks the run's models, scored by its own reward model", async () => {
    const { lease, runId } = await finishedRun({ withEma: true });
    const created = await createEvaluation({
      ctx,
      input: { runId, prompts: ["Human: Hi? Assistant:"], models: ["actor_ema", "baseline", "sft"] },
    });
    expect(created).toMatchObject({
      name: "Evaluation 1",
      status: "queued",
      promptCount: 1,
      hasRewardModel: true,
    });
    const [attemptId = ""] = (await scheduleNode({ ctx, lease })).created;
    const request = await buildEvaluationRequest({ ctx, attemptId });
    const outputs = `/home/ada/.trainyard/runs/${runId}`;
    expect(request.models.map((model) => [model.key, model.path])).toEqual([
      ["baseline", "practice/tiny-lm"],
      ["sft", `${outputs}/sft-1`],
      ["actor_ema", `${outputs}/ppo-1/actor_ema`],
    ]);
    expect(request.rewardModel).toEqual({ path: `${outputs}/reward-1`, numPaddingAtBeginning: 0 });
    expect(request.settings.maxNewTokens).toBe(100);

    const command = await renderAttempt({ ctx, attemptId, facts: FACTS });
    expect(command).toMatchObject({
      workingDirectory: `/home/ada/.trainyard/attempts/${attemptId}`,
      argv: ["python3", "evaluate.py", "request.json", "answers.jsonl"],
      env: { CUDA_VISIBLE_DEVICES: "0" },
      expectedFiles: [["answers.jsonl"]],
    });
  });

  it("runs the node's own program when its settings name one", async () => {
    const { nodeId, lease, runId } = await finishedRun();
    const settings = { evaluationProgram: "~/bin/evaluate" };
    await db.prisma.node.update({ where: { id: nodeId }, data: { settings } });
    await createEvaluation({ ctx, input: { runId } });
    const [attemptId = ""] = (await scheduleNode({ ctx, lease })).created;
    const { argv } = await renderAttempt({ ctx, attemptId, facts: FACTS });
    expect(argv).toEqual(["/home/ada/bin/evaluate", "request.json", "answers.jsonl"]);
  });

  it("refuses models that the run does not have", async () => {
    const { runId } = await finishedRun();
    await expect(
      createEvaluation({ ctx, input: { runId, models: ["sft", "actor_ema"] } }),
    ).rejects.toMatchObject({ code: "VALIDATION", details: { fields: [{ path: "models.1" }] } });
    const { nodeId } = await createTestNode(ctx, { name: "other" });
    const fresh = await createRun({ ctx, input: runInput(nodeId) });
    await expect(createEvaluation({ ctx, input: { runId: fresh.id } })).rejects.toMatchObject({
      code: "VALIDATION",
    });
  });

  it("is cancelled at once while it waits, deleted once it has ended", async () => {
    const { runId } = await finishedRun();
    const { id } = await createEvaluation({ ctx, input: { runId } });
    await expect(deleteEvaluation({ ctx, input: { id } })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(deleteRun({ ctx, input: { id: runId } })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await stopEvaluation({ ctx, input: { id } })).toMatchObject({ status: "cancelled" });
    await expect(stopEvaluation({ ctx, input: { id } })).rejects.toMatchObject({ code: "CONFLICT" });
    await deleteEvaluation({ ctx, input: { id } });
    expect((await listEvaluations({ ctx, input: { runId } })).items).toEqual([]);
  });

  it("that runs is asked to stop and ends when the worker says so", async () => {
    const { lease, runId } = await finishedRun();
    const { id } = await createEvaluation({ ctx, input: { runId } });
    const [attemptId = ""] = (await scheduleNode({ ctx, lease })).created;
    await recordAttempt({ ctx, lease, attemptId, to: "running", reason: "alive" });
    expect(await stopEvaluation({ ctx, input: { id } })).toMatchObject({ status: "stopping", attemptId });
    await recordAttempt({ ctx, lease, attemptId, to: "cancelled", reason: "stopped" });
    expect(await getEvaluation({ ctx, input: { id } })).toMatchObject({
      status: "cancelled",
      reason: "stopped",
    });
    expect(await db.prisma.gpuClaim.count()).toBe(0);
  });
});

describe("the models of a run", () => {
  it("are those whose stages have succeeded, the rest with what is missing", async () => {
    const { runId, nodeId } = await finishedRun();
    const { models, ...rest } = await listRunModels({ ctx, input: { id: runId } });
    expect(models.map(({ key, path, problem }) => [key, path !== null, problem])).toEqual([
      ["baseline", true, null],
      ["sft", true, null],
      ["actor", true, null],
      ["actor_ema", false, "PPO was not told to keep an averaged actor."],
    ]);
    expect(rest).toEqual({ hasRewardModel: true, isNodeRemoved: false });

    const { id } = await createRun({ ctx, input: runInput(nodeId) });
    const fresh = await listRunModels({ ctx, input: { id } });
    expect(fresh.hasRewardModel).toBe(false);
    expect(fresh.models.flatMap(({ key, path }) => (path === null ? [] : [key]))).toEqual(["baseline"]);
  });

  it("can be asked no more once the node was removed", async () => {
    const { runId, nodeId } = await finishedRun();
    await db.prisma.node.update({ where: { id: nodeId }, data: { removedAt: ctx.now() } });
    expect(await listRunModels({ ctx, input: { id: runId } })).toMatchObject({ isNodeRemoved: true });
    await expect(createEvaluation({ ctx, input: { runId } })).rejects.toMatchObject({ code: "CONFLICT" });
  });
});

describe("the list", () => {
  it("says how each model scored, without the answers that have no score", async () => {
    const { runId } = await finishedRun();
    const prompts = ["one", "two", "three"];
    const { id } = await createEvaluation({ ctx, input: { runId, prompts, models: ["baseline", "sft"] } });
    const answer = { evaluationId: id, text: "an answer", isComplete: true };
    await db.prisma.answer.createMany({
      data: [
        { ...answer, modelKey: "sft", promptIndex: 0, rewardScore: 3 },
        { ...answer, modelKey: "sft", promptIndex: 1, rewardScore: -1 },
        { ...answer, modelKey: "sft", promptIndex: 2 },
        { ...answer, modelKey: "baseline", promptIndex: 0 },
      ],
    });
    const scores = [
      { modelKey: "baseline", scoredCount: 0, meanScore: null },
      { modelKey: "sft", scoredCount: 2, meanScore: 1 },
    ];
    expect((await listEvaluations({ ctx, input: { runId } })).items).toMatchObject([
      { answersDone: 4, scores },
    ]);
    expect(await getEvaluation({ ctx, input: { id } })).toMatchObject({ scores });
  });
});

describe("exporting", () => {
  it("writes a row per prompt and model, with text that no spreadsheet runs", async () => {
    const { runId } = await finishedRun();
    const { id } = await createEvaluation({
      ctx,
      input: { runId, prompts: ["=1+1", 'say "hi",\nplease'], models: ["baseline", "sft"] },
    });
    await db.prisma.answer.create({
      data: {
        evaluationId: id,
        promptIndex: 0,
        modelKey: "sft",
        text: "-2",
        isComplete: true,
        rewardScore: -1.5,
      },
    });
    const csv = await exportEvaluation({ ctx, input: { id, format: "csv" } });
    expect(csv.body).toBe(
      [
        "prompt_index,prompt,model,model_path,answer,reward_score,tokens,finish_reason,duration_ms,is_complete",
        "0,'=1+1,baseline,practice/tiny-lm,,,,,,false",
        `0,'=1+1,sft,/home/ada/.trainyard/runs/${runId}/sft-1,'-2,-1.5,,,,true`,
        '1,"say ""hi"",\nplease",baseline,practice/tiny-lm,,,,,,false',
        `1,"say ""hi"",\nplease",sft,/home/ada/.trainyard/runs/${runId}/sft-1,,,,,,false`,
        "",
      ].join("\r\n"),
    );
    const json = JSON.parse((await exportEvaluation({ ctx, input: { id, format: "json" } })).body);
    expect(json.results[0].answers).toEqual([
      { model: "baseline", text: null },
      expect.objectContaining({ model: "sft", text: "-2", rewardScore: -1.5 }),
    ]);
  });
});

describe("a stage's command", () => {
  it("gives ppo the checkpoints of the attempts that succeeded", async () => {
    const { runId } = await finishedRun();
    const command = await renderAttempt({ ctx, attemptId: await attemptOf(ctx, runId, "ppo"), facts: FACTS });
    const at = (flag: string) => command.argv[command.argv.indexOf(flag) + 1];
    expect(at("--actor_model_name_or_path")).toBe(`/home/ada/.trainyard/runs/${runId}/sft-1`);
    expect(at("--critic_model_name_or_path")).toBe(`/home/ada/.trainyard/runs/${runId}/reward-1`);
    expect(at("--include")).toBe("localhost:0,1");
    expect(at("--master_port")).toBe("23456");
  });
});
