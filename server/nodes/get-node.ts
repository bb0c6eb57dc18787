import type { Context } from "../context";
import type { Gpu, NodeView } from "../contracts/nodes";
import { nodeRow } from "./find-node";
import { nodeView } from "./node-view";

export async function getNode({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<NodeView> {
  return nodeView(await nodeRow(ctx, input.id));
}

export async function listGpus({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<{ items: Gpu[] }> {
  return { items: (await getNode({ ctx, input })).gpus };
}
