import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../db";
import { createTestDatabase, testContext } from "../testing/database";
import { createRun } from "./create-run";
import { getAttempt } from "./get-attempt";
import { listEvents } from "./list-events";
import { listOpenAttempts } from "./list-open-attempts";
import { recordAttempt } from "./record-attempt";
import { attemptOf, createTestNode, runInput } from "./run-fixtures";
import { scheduleNode } from "./schedule-node";
import { updateAttempt } from "./update-attempt";

let db: Database;
let ctx: ReturnType<typeof testContext>;
beforeEach(async () => {
  db = await createTestDatabase();
  ctx = testContext(db);
});
afterEach(() => db.close());

async function scheduledAttempt() {
  const { nodeId, lease } = await createTestNode(ctx);
  const { id: runId } = await createRun({ ctx, input: runInput(nodeId) });
  await scheduleNode({ ctx, lease });
  return { nodeId, lease, runId, attemptId: await attemptOf(ctx, runId, "sft") };
}

describe("recording an attempt", () => {
  it("writes status, event, stage and run together and tells the pages after", async () => {
    const { lease, runId, attemptId, nodeId } = await scheduledAttempt();
    ctx.published.length = 0;
    const isRecorded = await recordAttempt({
      ctx,
      lease,
      attemptId,
      to: "running",
      reason: "its supervisor is alive",
      patch: { directory: "/home/ada/.trainyard/attempts/x", stepsDone: 3, stepsTotal: 10 },
    });
    expect(isRecorded).toBe(true);
    expect(await getAttempt({ ctx, input: { id: attemptId } })).toMatchObject({
      status: "running",
      directory: "/home/ada/.trainyard/attempts/x",
      stepsDone: 3,
      stepsTotal: 10,
      gpuUuids: ["GPU-0"],
      command: null,
    });
    const { items } = await listEvents({ ctx, input: { id: attemptId } });
    expect(items.map((event) => `${event.status}: ${event.reason}`)).toEqual([
      "queued: GPU 0 claimed",
      "running: its supervisor is alive",
    ]);
    expect(ctx.published).toEqual([
      { kind: "attempt", attemptId, runId, nodeId },
      { kind: "run", runId, nodeId },
    ]);
  });

  it("an end never changes, and there is one event of it", async () => {
    const { lease, attemptId } = await scheduledAttempt();
    const end = (to: "succeeded" | "failed") => recordAttempt({ ctx, lease, attemptId, to, reason: to });
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, n) => end(n % 2 === 0 ? "failed" : "succeeded")),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await db.prisma.attemptEvent.count({ where: { attemptId, isTerminal: true } })).toBe(1);
    expect(await recordAttempt({ ctx, lease, attemptId, to: "running", reason: "late news" })).toBe(false);
  });

  it("news that come late change the patch only", async () => {
    const { lease, attemptId } = await scheduledAttempt();
    const record = (to: "stopping" | "running") =>
      recordAttempt({ ctx, lease, attemptId, to, reason: to, patch: { stepsDone: 5 } });
    await record("stopping");
    expect(await record("running")).toBe(true);
    expect(await getAttempt({ ctx, input: { id: attemptId } })).toMatchObject({
      status: "stopping",
      stepsDone: 5,
    });
  });

  it("keeps secrets of the command out of the row", async () => {
    const { lease, attemptId } = await scheduledAttempt();
    const command = {
      workingDirectory: "/srv",
      argv: ["deepspeed"],
      env: { HF_TOKEN: "hf_canary", HF_HOME: "/data" },
      pathPrepend: [],
      outputDirectory: "/out",
      eventDirectories: [],
      expectedFiles: [],
    };
    await recordAttempt({ ctx, lease, attemptId, to: "starting", reason: "launching", patch: { command } });
    const { rows } = await db.pool.query("SELECT row_to_json(a)::text AS text FROM attempt a");
    expect(rows.map((row) => row.text).join()).not.toContain("hf_canary");
    expect(await getAttempt({ ctx, input: { id: attemptId } })).toMatchObject({
      outputDirectory: "/out",
      command: { env: { HF_TOKEN: "[secret]", HF_HOME: "/data" } },
    });
  });

  it("without the lease writes nothing", async () => {
    const { lease, attemptId } = await scheduledAttempt();
    const stale = { ...lease, epoch: lease.epoch - 1n };
    await expect(
      recordAttempt({ ctx, lease: stale, attemptId, to: "failed", reason: "x" }),
    ).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(
      updateAttempt({ ctx, lease: stale, attemptId, patch: { stepsDone: 1 } }),
    ).rejects.toMatchObject({
      code: "CONFLICT",
    });
    expect((await getAttempt({ ctx, input: { id: attemptId } })).status).toBe("queued");
  });

  it("listOpenAttempts has what is under way and nothing that has ended", async () => {
    const { nodeId, lease, attemptId } = await scheduledAttempt();
    const open = await listOpenAttempts(db, nodeId);
    expect(open.map((attempt) => attempt.kind)).toEqual(expect.arrayContaining(["sft", "reward"]));
    expect(open.find((attempt) => attempt.id === attemptId)).toMatchObject({
      status: "queued",
      desired: "run",
      gpuUuids: ["GPU-0"],
      command: null,
      isFileComplete: false,
    });
    await recordAttempt({ ctx, lease, attemptId, to: "failed", reason: "it broke" });
    expect((await listOpenAttempts(db, nodeId)).map((attempt) => attempt.kind)).toEqual(["reward"]);
  });
});

describe("the database itself", () => {
  it("refuses to change the status of an ended attempt", async () => {
    const { lease, attemptId } = await scheduledAttempt();
    await recordAttempt({ ctx, lease, attemptId, to: "failed", reason: "it broke" });
    await expect(
      db.pool.query("UPDATE attempt SET status = 'running' WHERE id = $1", [attemptId]),
    ).rejects.toThrow(/has ended \(failed\) and cannot become running/);
    await expect(
      db.pool.query(`UPDATE attempt SET "stepsDone" = 9 WHERE id = $1`, [attemptId]),
    ).resolves.toBeTruthy();
  });

  it("refuses a second terminal event", async () => {
    const { attemptId } = await scheduledAttempt();
    const insert = (status: string, isTerminal: boolean) =>
      db.pool.query(
        `INSERT INTO attempt_event ("attemptId", status, reason, actor, "isTerminal") VALUES ($1, $2, '', 'x', $3)`,
        [attemptId, status, isTerminal],
      );
    await insert("failed", true);
    await expect(insert("succeeded", true)).rejects.toThrow(/attempt_event_one_terminal/);
    await expect(insert("succeeded", false)).rejects.toThrow(/attempt_event_terminal_check/);
  });

  it("refuses a second claim of a GPU, a second open attempt of a stage, and a status that does not exist", async () => {
    const { nodeId, attemptId } = await scheduledAttempt();
    await expect(
      db.prisma.gpuClaim.create({ data: { nodeId, gpuUuid: "GPU-0", attemptId } }),
    ).rejects.toThrow(/Unique constraint/);
    await expect(
      db.pool.query(
        `INSERT INTO attempt (id, "stageId", number, status, command)
         SELECT gen_random_uuid(), "stageId", 99, 'queued', 'null' FROM attempt WHERE id = $1`,
        [attemptId],
      ),
    ).rejects.toThrow(/attempt_one_open_of_stage/);
    await expect(db.pool.query("UPDATE run SET status = 'lost'")).rejects.toThrow(/run_status_check/);
  });
});
