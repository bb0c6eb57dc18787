import type { Context } from "../context";
import { type HostKey, NodeSettings, type NodeView, UpdateNodeInput } from "../contracts/nodes";
import { validationError } from "../errors";
import { nodeAudit } from "./audit-node";
import { nodeRow } from "./find-node";
import { getNode } from "./get-node";
import type { NodeRow } from "./node-view";
import type { NodePorts } from "./ports";
import { refuseDuplicate } from "./refuse-duplicate";
import { hostKeyColumns, requireHostKey } from "./require-host-key";
import { requireSecrets } from "./require-secrets";

interface UpdateParts {
  ctx: Context;
  ports: NodePorts;
  input: UpdateNodeInput & { id: string };
}

/** Where a node is and who logs in, after the change. */
interface Address {
  host: string;
  port: number;
  username: string;
  isMoved: boolean;
}

/**
 * Changes a node. Another host or port needs its key confirmed and the credential entered again: the stored one must
 * never travel to an address that nobody gave it for. A new credential is tried before it replaces the old one.
 */
export async function updateNode({ ctx, ports, input }: UpdateParts): Promise<NodeView> {
  const changes = UpdateNodeInput.parse(input);
  const before = await nodeRow(ctx, input.id);
  const address = addressAfter(before, changes);
  await refuseDuplicate(ctx, { ...address, name: changes.name }, before.id);
  const settings = mergedSettings(before, changes.settings ?? {});
  if (address.isMoved && changes.credential === undefined) {
    throw validationError([
      { path: "credential", message: "Enter the password or key again: the address changes." },
    ]);
  }
  const hostKey = await hostKeyAfter({ ports, before, address, changes });
  if (changes.credential !== undefined) {
    await ports.link.request("nodes.testConnection", { ...address, credential: changes.credential, hostKey });
    // Between the two writes below, neither the old credential may meet the new address nor the other way round.
    if (address.isMoved) await ports.link.request("nodes.deleteCredential", { nodeId: before.id });
  }
  await writeRow(ctx, { before, changes, settings, address, hostKey });
  if (changes.credential !== undefined) {
    await ports.link.request("nodes.storeCredential", { nodeId: before.id, credential: changes.credential });
  }
  ctx.publish({ kind: "node", nodeId: before.id });
  return getNode({ ctx, input: { id: before.id } });
}

function addressAfter(before: NodeRow, changes: UpdateNodeInput): Address {
  const host = changes.host ?? before.host;
  const port = changes.port ?? before.port;
  const isMoved = host !== before.host || port !== before.port;
  return { host, port, username: changes.username ?? before.username, isMoved };
}

async function hostKeyAfter(parts: {
  ports: NodePorts;
  before: NodeRow;
  address: Address;
  changes: UpdateNodeInput;
}): Promise<HostKey> {
  const { ports, before, address, changes } = parts;
  const pinned = address.isMoved ? null : pinnedKey(before);
  return changes.hostKey ?? pinned ?? requireHostKey(ports, address);
}

function pinnedKey(row: NodeRow): HostKey | null {
  const { hostKeyAlgorithm: algorithm, hostKeyFingerprint: fingerprint, hostKeyBlob } = row;
  if (algorithm === null || fingerprint === null || hostKeyBlob === null) return null;
  return { algorithm, fingerprint, blob: Buffer.from(hostKeyBlob).toString("base64") };
}

async function writeRow(
  ctx: Context,
  parts: {
    before: NodeRow;
    changes: UpdateNodeInput;
    settings: NodeSettings;
    address: Address;
    hostKey: HostKey;
  },
): Promise<void> {
  const { before, changes, settings, address, hostKey } = parts;
  const { host, port, username, isMoved } = address;
  const isReconnect =
    isMoved ||
    username !== before.username ||
    changes.credential !== undefined ||
    changes.hostKey !== undefined;
  const connection = {
    host,
    port,
    username,
    ...hostKeyColumns(hostKey),
    connectionVersion: { increment: 1 },
  };
  const node = ctx.db.prisma.node.update({
    where: { id: before.id },
    data: {
      ...(changes.name === undefined ? {} : { name: changes.name }),
      ...(changes.settings === undefined ? {} : { settings }),
      ...(changes.credential === undefined ? {} : { authMethod: changes.credential.method }),
      ...(isReconnect ? connection : {}),
    },
  });
  const detail = {
    fields: Object.keys(changes).join(", "),
    host,
    port,
    username,
    hostKey: hostKey.fingerprint,
  };
  const audit = ctx.db.prisma.auditEvent.create({
    data: nodeAudit(ctx, "node.update", { id: before.id, detail }),
  });
  await ctx.db.prisma.$transaction([node, audit]);
}

function mergedSettings(before: NodeRow, changes: Partial<NodeSettings>): NodeSettings {
  const stored = NodeSettings.parse(before.settings);
  const merged = NodeSettings.parse({ ...stored, ...changes });
  return { ...merged, env: requireSecrets(merged.env, stored.env) };
}
