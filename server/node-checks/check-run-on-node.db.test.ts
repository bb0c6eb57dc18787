import { afterEach, beforeEach, expect, it } from "vitest";
import type { WorkerLink } from "../contracts/link";
import type { NodeAnswer, NodeQuestion } from "../contracts/node-checks";
import { TELEMETRY_FIELDS } from "../contracts/telemetry";
import type { Database } from "../db";
import { AppError, isAppError } from "../errors";
import { createTestNode, runInput } from "../runs/run-fixtures";
import { encodeTicks } from "../telemetry";
import { createTestDatabase, testContext } from "../testing/database";
import { ABSENT, foundModel, nodeAnswer, OPT } from "../testing/node-check-facts";
import { checkRunOnNode } from "./check-run-on-node";

const NOW = new Date("2026-03-01T12:00:00Z");
const LOOKED = "2026-03-01T11:59:57.000Z";

let db: Database;
let ctx: ReturnType<typeof testContext>;
let nodeId: string;
let questions: NodeQuestion[];
beforeEach(async () => {
  db = await createTestDatabase();
  ctx = testContext(db, { now: () => NOW });
  nodeId = (await createTestNode(ctx)).nodeId;
  questions = [];
});
afterEach(() => db.close());

/** A worker whose node gives this answer to every question, or that answers with this error. */
function linkTo(answer: NodeAnswer | AppError): WorkerLink {
  const request = async (name: string, input: unknown) => {
    expect(name).toBe("nodes.checkRun");
    if (isAppError(answer)) throw answer;
    questions = (input as { questions: NodeQuestion[] }).questions;
    return { at: LOOKED, answers: questions.map(() => answer) };
  };
  // Safe because the verb asks nothing else.
  return { request: request as WorkerLink["request"] };
}
/** Both stages begin with OPT-1.3B, on a node that is none for practice. */
async function check(answer: NodeAnswer | AppError, gpuUuids: string[] = []) {
  await db.prisma.node.update({ where: { id: nodeId }, data: { isPractice: false } });
  const { parameters } = runInput(nodeId);
  for (const kind of ["sft", "reward"] as const) parameters.stages[kind].fields.model_name_or_path = OPT;
  parameters.stages.sft.gpuUuids = gpuUuids;
  return checkRunOnNode({ ctx, ports: { link: linkTo(answer) }, input: { nodeId, parameters } });
}
async function storeTick(at: Date): Promise<void> {
  const tick = {
    ...{ nodeId, at: at.getTime(), host: null, problem: null },
    gpuUuids: ["GPU-0", "GPU-1"],
    values: TELEMETRY_FIELDS.map((field) => (field === "memoryUsedMiB" ? [9_000, 0] : [0, 0])),
    processes: [
      { pid: 7, name: "python3", user: "bob", memoryMiB: 9_000, gpuUuid: "GPU-0", attemptId: null },
    ],
  };
  await db.pool.query("INSERT INTO telemetry_tick (node_id, sampled_at, payload) VALUES ($1, $2, $3)", [
    nodeId,
    at,
    Buffer.from(encodeTicks([tick], { deflate: false, extras: true })),
  ]);
}

it("asks the node with its own variables and judges what it said", async () => {
  const settings = { env: { HF_HOME: "/big/hf", WANDB_MODE: "offline" } };
  await db.prisma.node.update({ where: { id: nodeId }, data: { settings } });
  const result = await check(nodeAnswer({ isOffline: true, models: [foundModel(ABSENT)] }));
  expect(questions).toEqual([
    { env: { HF_HOME: "/big/hf" }, modelNames: [OPT], modelPaths: [], folders: [], dataSets: [] },
  ]);
  expect(result).toMatchObject({ checkedAt: LOOKED, failure: null });
  expect(result.findings.map(({ id, severity }) => `${severity} ${id}`)).toEqual([
    "error model-on-node",
    "error model-on-node",
    "note master-port",
  ]);
  expect(result.checked).toContainEqual(expect.stringContaining("of checkpoints"));
});

it.each([
  new AppError("NODE_UNREACHABLE", "The node is not connected."),
  new AppError("TIMEOUT", "Too late."),
])("gives the reason where a node cannot be asked: %s", async (error) => {
  expect(await check(error)).toEqual({ checkedAt: null, failure: error.message, findings: [], checked: [] });
});

it("does not hide a fault of its own behind the node", async () => {
  await expect(check(new AppError("INTERNAL", "broken"))).rejects.toMatchObject({ code: "INTERNAL" });
});

it("knows of others' memory from the newest reading, while that is fresh", async () => {
  const inUse = async () =>
    (await check(nodeAnswer(), ["GPU-0"])).findings.filter(
      ({ id, stage }) => id === "gpu-in-use" && stage === "sft",
    );
  await storeTick(new Date(NOW.getTime() - 20_000));
  expect(await inUse()).toEqual([]);
  await storeTick(new Date(NOW.getTime() - 2_000));
  expect(await inUse()).toMatchObject([
    {
      message: expect.stringContaining(
        "GPU 0 already holds 9,000 MiB of others (python3: pid 7 of bob (9 GB))",
      ),
      fix: { label: "Use GPU 1", changes: [{ path: "stages.sft.gpuUuids", value: ["GPU-1"] }] },
    },
  ]);
});

it("refuses a node that is not there", async () => {
  const { parameters } = runInput(nodeId);
  const input = { nodeId: "5f0c1f3e-8d1f-4c57-9a51-1c1f3b1b7a01", parameters };
  await expect(checkRunOnNode({ ctx, ports: { link: linkTo(nodeAnswer()) }, input })).rejects.toMatchObject({
    code: "VALIDATION",
  });
});
