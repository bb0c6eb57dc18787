import type { Context } from "../context";
import {
  FetchHostKeyInput,
  type HostKey,
  type NodeInventory,
  TestConnectionInput,
  type TestConnectionResult,
} from "../contracts/nodes";
import type { ReadinessReport } from "../contracts/readiness";
import { nodeRow } from "./find-node";
import type { NodePorts } from "./ports";
import { readinessReport } from "./readiness/readiness-report";

/** An inventory and the check itself, each with its own limit in the worker. */
const CHECK_DEADLINE_MS = 120_000;

interface Ask<T> {
  ctx: Context;
  ports: NodePorts;
  input: T;
}

/** The key that a host shows, without logging in. */
export async function fetchHostKey({ ports, input }: Ask<FetchHostKeyInput>): Promise<HostKey> {
  return ports.link.request("nodes.fetchHostKey", FetchHostKeyInput.parse(input));
}

/** Logs in and looks, storing nothing. */
export async function testConnection({
  ports,
  input,
}: Ask<TestConnectionInput>): Promise<TestConnectionResult> {
  return ports.link.request("nodes.testConnection", TestConnectionInput.parse(input));
}

/** Connects again with what is stored. */
export async function testNode({ ctx, ports, input }: Ask<{ id: string }>): Promise<TestConnectionResult> {
  const node = await nodeRow(ctx, input.id);
  return ports.link.request("nodes.test", { nodeId: node.id });
}

export async function refreshInventory({ ctx, ports, input }: Ask<{ id: string }>): Promise<NodeInventory> {
  const node = await nodeRow(ctx, input.id);
  return ports.link.request("nodes.refreshInventory", { nodeId: node.id });
}

/** The lines of the last check. */
export async function getReadiness({
  ctx,
  input,
}: Omit<Ask<{ id: string }>, "ports">): Promise<ReadinessReport> {
  return readinessReport((await nodeRow(ctx, input.id)).readiness);
}

/** Checks what training needs, now, and returns its lines. */
export async function checkReadiness({ ctx, ports, input }: Ask<{ id: string }>): Promise<ReadinessReport> {
  const node = await nodeRow(ctx, input.id);
  await ports.link.request("nodes.checkReadiness", { nodeId: node.id }, { deadlineMs: CHECK_DEADLINE_MS });
  return getReadiness({ ctx, input });
}
