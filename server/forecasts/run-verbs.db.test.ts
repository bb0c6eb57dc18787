import { afterEach, beforeEach, expect, it } from "vitest";
import type { RunForecast } from "../contracts/forecasts";
import type { StageKind } from "../contracts/statuses";
import type { Database } from "../db";
import { AppError } from "../errors";
import { recordAttempt, scheduleNode, updateAttempt } from "../runs";
import { attemptOf, createTestNode, playStage, runInput } from "../runs/run-fixtures";
import { createTestDatabase, testContext } from "../testing/database";
import { createRun, getRun, listRuns, retryRun, stopRun } from "./run-verbs";

const START = Date.parse("2026-01-01T00:00:00Z");
/** No worker: the node cannot be asked. */
const ports = {
  link: { request: async () => Promise.reject(new AppError("PRECONDITION", "There is no worker.")) },
};
let db: Database;
let clock: number;
let ctx: ReturnType<typeof testContext>;
beforeEach(async () => {
  db = await createTestDatabase();
  clock = START;
  const actor = { id: "u1", name: "ada@example.org", role: "operator" } as const;
  ctx = testContext(db, { actor, now: () => new Date(clock) });
});
afterEach(() => db.close());

async function startedRun(settings: object = {}) {
  const { nodeId, lease } = await createTestNode(ctx);
  await ctx.db.prisma.node.update({ where: { id: nodeId }, data: { settings } });
  const { id } = await createRun({ ctx, ports, input: runInput(nodeId) });
  await scheduleNode({ ctx, lease });
  return { nodeId, lease, id };
}
type Started = Awaited<ReturnType<typeof startedRun>>;

/** Steps 1 … count as the follower stores them, `seconds` apart on this clock, the last one now. */
async function makeSteps(
  run: Started,
  kind: StageKind,
  { count, total, seconds }: { count: number; total: number; seconds: number },
) {
  const attemptId = await attemptOf(ctx, run.id, kind);
  const { lease } = run;
  await recordAttempt({ ctx, lease, attemptId, to: "running", reason: "it runs" });
  clock += count * seconds * 1000;
  const patch = { stepsDone: count, stepsTotal: total, heartbeatAt: new Date(clock) };
  await updateAttempt({ ctx, lease, attemptId, patch });
  const file = await ctx.db.prisma.nodeFile.upsert({
    where: { attemptId_path_generation: { attemptId, path: "training.log", generation: 0 } },
    create: { attemptId, path: "training.log", kind: "log", identity: "1:1", updatedAt: new Date(clock) },
    update: { updatedAt: new Date(clock) },
  });
  const tag = await ctx.db.prisma.scalarTag.create({
    data: { attemptId, tag: kind === "ppo" ? "ppo/reward" : "loss", source: "log", sourceTag: "loss" },
  });
  await ctx.db.pool.query(
    `INSERT INTO scalar (tag_id, step, file_id, record_offset, value, wall_time)
     SELECT $1, n, $2, n, 1, $3::float8 - ($4::int - n) * $5::float8 FROM generate_series(1, $4::int) AS n`,
    [tag.id, file.id, clock / 1000, count, seconds],
  );
}

function told({ stages }: RunForecast, kind: StageKind) {
  const stage = stages.find((one) => one.stage === kind);
  if (stage === undefined) throw new Error(`nothing is told of ${kind}`);
  return stage;
}

it("goes by a stage's own steps from step 20 on, and says why other stages are not known", async () => {
  const run = await startedRun({ pricePerGpuHour: 2 });
  const before = await getRun({ ctx, input: { id: run.id } });
  expect(before.forecast).toMatchObject({
    secondsLeft: null,
    gpuHoursSpent: 0,
    pricePerGpuHour: 2,
    costSpent: 0,
  });
  await makeSteps(run, "sft", { count: 50, total: 200, seconds: 3 });
  const { forecast } = await getRun({ ctx, input: { id: run.id } });
  const sft = told(forecast, "sft");
  expect(sft).toMatchObject({ basis: "steps", silentSeconds: null });
  expect(sft.secondsLeft).toBeCloseTo(450);
  expect(sft.totalSeconds).toBeCloseTo(600);
  expect(forecast.costSpent).toBeCloseTo((150 / 3600) * 2);
  expect(told(forecast, "ppo").reason).toContain("first finished run");
  expect(forecast.secondsLeft).toBeNull();
  const [listed] = (await listRuns({ ctx, input: {} })).items;
  expect(listed && told(listed.forecast, "sft").secondsLeft).toBeCloseTo(450);
});

it("says that a stage makes no steps", async () => {
  const run = await startedRun();
  await makeSteps(run, "sft", { count: 50, total: 200, seconds: 3 });
  clock += 400_000;
  const attemptId = await attemptOf(ctx, run.id, "sft");
  await updateAttempt({ ctx, lease: run.lease, attemptId, patch: { heartbeatAt: new Date(clock) } });
  const { forecast } = await getRun({ ctx, input: { id: run.id } });
  expect(told(forecast, "sft")).toMatchObject({ silentSeconds: 400, secondsLeft: null });
});

it("tells a second run by the first one, and afterwards what was estimated and what it took", async () => {
  const run = await startedRun();
  for (const kind of ["sft", "reward", "ppo"] as const) {
    await makeSteps(run, kind, { count: 100, total: 100, seconds: 2 });
    clock += 10_000;
    await playStage({ ctx, lease: run.lease, runId: run.id }, kind);
    await scheduleNode({ ctx, lease: run.lease });
  }
  const { forecast } = await getRun({ ctx, input: { id: run.id } });
  const sft = told(forecast, "sft");
  expect(sft).toMatchObject({ basis: "actual", totalSeconds: 210, secondsLeft: null });
  expect(sft.past.map(({ step }) => step)).toEqual([20, 50]);
  // What follows the last step had not been timed yet.
  expect(sft.past[1]?.seconds).toBeCloseTo(200);

  const input = runInput(run.nodeId);
  const second = { ...run, id: (await createRun({ ctx, ports, input })).id };
  const waiting = (await getRun({ ctx, input: { id: second.id } })).forecast;
  expect(told(waiting, "ppo")).toMatchObject({ basis: "own", basisCount: 1, isSameSettings: true });
  expect(waiting.secondsLeft).toBeCloseTo(210 + 210);
  await scheduleNode({ ctx, lease: run.lease });
  await makeSteps(second, "sft", { count: 50, total: 100, seconds: 2 });
  const live = (await getRun({ ctx, input: { id: second.id } })).forecast;
  // Its own pace, and the ten seconds at the end that the first run took.
  expect(told(live, "sft").secondsLeft).toBeCloseTo(50 * 2 + 10);
});

it("counts an attempt that failed into the run, and the stage's next one as still to come", async () => {
  const run = await startedRun();
  const attemptId = await attemptOf(ctx, run.id, "sft");
  const { lease } = run;
  await recordAttempt({ ctx, lease, attemptId, to: "running", reason: "it runs" });
  clock += 3_600_000;
  await recordAttempt({ ctx, lease, attemptId, to: "failed", reason: "exit status 1" });
  await retryRun({ ctx, input: { id: run.id, stage: "sft" } });
  clock += 3_600_000;
  const { forecast } = await getRun({ ctx, input: { id: run.id } });
  expect(forecast).toMatchObject({ gpuHoursSpent: 1, gpuHoursLost: 1, lostAttemptCount: 1 });
  expect(told(forecast, "sft")).toMatchObject({ basis: null, secondsLeft: null });
});

it("answers a change that was made also when its forecast cannot be made", async () => {
  const run = await startedRun();
  const attemptId = await attemptOf(ctx, run.id, "sft");
  const { lease } = run;
  await recordAttempt({ ctx, lease, attemptId, to: "running", reason: "it runs" });
  clock += 3_600_000;
  // A price that is no number: the run can be read, what its forecast rests on cannot.
  await ctx.db.pool.query(`UPDATE node SET settings = '{"pricePerGpuHour": "much"}' WHERE id = $1`, [
    run.nodeId,
  ]);
  const { forecast, stages } = await stopRun({ ctx, input: { id: run.id } });
  expect(stages[0]).toMatchObject({ kind: "sft", status: "stopping" });
  expect(forecast).toMatchObject({ gpuHoursSpent: 1, secondsLeft: null, costSpent: null });
  expect(told(forecast, "sft").reason).toContain("could not be made");
  await expect(getRun({ ctx, input: { id: run.id } })).rejects.toThrow();
});
