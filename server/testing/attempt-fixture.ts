import { randomUUID } from "node:crypto";
import type { Database } from "../db";
import { acquireLease, type NodeLease } from "../nodes/lease";

export interface AttemptFixture {
  nodeId: string;
  runId: string;
  stageId: string;
  attemptId: string;
  lease: NodeLease;
}

/** A running attempt of one stage on a node of its own, and the lease to write about it. */
export async function createAttemptFixture(
  db: Database,
  options: { kind?: "sft" | "reward" | "ppo"; owner?: string } = {},
): Promise<AttemptFixture> {
  const suffix = randomUUID();
  const node = await db.prisma.node.create({
    data: { name: `node-${suffix}`, host: "127.0.0.1", username: "trainer", authMethod: "password" },
  });
  const run = await db.prisma.run.create({
    data: {
      name: `run-${suffix}`,
      recipe: "deepspeed-chat",
      parameters: {},
      nodeId: node.id,
      createdBy: "test",
      idempotencyKey: suffix,
    },
  });
  const stage = await db.prisma.stage.create({
    data: { runId: run.id, kind: options.kind ?? "sft", gpuCount: 1 },
  });
  const attempt = await db.prisma.attempt.create({
    data: { stageId: stage.id, number: 1, status: "running", command: {} },
  });
  const lease = await acquireLease(db.pool, node.id, options.owner ?? `worker-${suffix}`);
  if (lease === null) throw new Error("a fresh node has no other owner");
  return { nodeId: node.id, runId: run.id, stageId: stage.id, attemptId: attempt.id, lease };
}
