import type { Context } from "../context";
import {
  FetchHostKeyInput,
  type HostKey,
  type NodeInventory,
  TestConnectionInput,
  type TestConnectionResult,
} from "../contracts/nodes";
import { nodeRow } from "./find-node";
import type { NodePorts } from "./ports";

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
