import { randomUUID } from "node:crypto";
import type { Context } from "../context";
import { CreateNodeInput, NodeSettings, type NodeView, type TestConnectionResult } from "../contracts/nodes";
import { nodeAudit } from "./audit-node";
import { getNode } from "./get-node";
import type { NodePorts } from "./ports";
import { PRACTICE_SETTINGS } from "./practice-server";
import { refuseDuplicate } from "./refuse-duplicate";
import { hostKeyColumns, requireHostKey } from "./require-host-key";
import { requireSecrets } from "./require-secrets";

/**
 * Adds a node in two phases: without a confirmed host key it answers HOST_KEY_UNKNOWN with the key; with one it logs in,
 * stores the row, and hands the credential to the worker. Nothing stays when the credential could not be stored.
 */
export async function createNode(parts: {
  ctx: Context;
  ports: NodePorts;
  input: CreateNodeInput;
}): Promise<NodeView> {
  const { ctx, ports } = parts;
  const input = CreateNodeInput.parse(parts.input);
  await refuseDuplicate(ctx, input);
  requireSecrets(input.settings?.env ?? {}, {});
  const hostKey = await requireHostKey(ports, input);
  const { host, port, username, credential } = input;
  const found = await ports.link.request("nodes.testConnection", {
    host,
    port,
    username,
    credential,
    hostKey,
  });
  const id = await insertNode(parts, { ...input, hostKey }, found);
  try {
    await ports.link.request("nodes.storeCredential", { nodeId: id, credential });
  } catch (error) {
    await ctx.db.prisma.node.delete({ where: { id } });
    throw error;
  }
  ctx.publish({ kind: "node", nodeId: id });
  return getNode({ ctx, input: { id } });
}

type ConfirmedInput = CreateNodeInput & { hostKey: NonNullable<CreateNodeInput["hostKey"]> };

async function insertNode(
  parts: { ctx: Context; ports: NodePorts },
  input: ConfirmedInput,
  found: TestConnectionResult,
): Promise<string> {
  const { ctx } = parts;
  const practice = await parts.ports.practice();
  const isPractice = practice?.hostKey.blob === input.hostKey.blob;
  const settings = NodeSettings.parse(input.settings ?? {});
  // A form sends every setting, also those that nobody filled in.
  if (isPractice) settings.evaluationProgram ??= PRACTICE_SETTINGS.evaluationProgram;
  const now = ctx.now();
  const id = randomUUID();
  const node = ctx.db.prisma.node.create({
    data: {
      id,
      name: input.name,
      host: input.host,
      port: input.port,
      username: input.username,
      authMethod: input.credential.method,
      isPractice,
      ...hostKeyColumns(input.hostKey),
      settings,
      lastContactAt: now,
      inventory: found.inventory,
      inventoryAt: now,
      gpus: { create: found.inventory.gpus },
    },
  });
  const { name, host, port, username } = input;
  const detail = { name, host, port, username, hostKey: input.hostKey.fingerprint };
  const audit = ctx.db.prisma.auditEvent.create({ data: nodeAudit(ctx, "node.create", { id, detail }) });
  await ctx.db.prisma.$transaction([node, audit]);
  return id;
}
