import type pg from "pg";
import { type HostKey, NodeInventory, NodeSettings } from "../../contracts/nodes";
import { NODE_STATUSES } from "../../contracts/statuses";

/** What a connection to a node needs to know about it. */
export interface NodeRecord {
  id: string;
  name: string;
  host: string;
  port: number;
  username: string;
  isPractice: boolean;
  /** null: nobody has confirmed one, so nothing connects. */
  hostKey: HostKey | null;
  status: (typeof NODE_STATUSES)[number];
  settings: NodeSettings;
  inventory: NodeInventory | null;
  connectionVersion: number;
}

interface Row {
  id: string;
  name: string;
  host: string;
  port: number;
  username: string;
  isPractice: boolean;
  hostKeyAlgorithm: string | null;
  hostKeyBlob: Buffer | null;
  hostKeyFingerprint: string | null;
  status: string;
  settings: unknown;
  inventory: unknown;
  connectionVersion: number;
}

/** null: there is no such node, or it was removed. */
export async function findNode(pool: pg.Pool, nodeId: string): Promise<NodeRecord | null> {
  const { rows } = await pool.query<Row>(
    `SELECT id, name, host, port, username, "isPractice", "hostKeyAlgorithm", "hostKeyBlob", "hostKeyFingerprint",
       status, settings, inventory, "connectionVersion"
     FROM node WHERE id = $1 AND "removedAt" IS NULL`,
    [nodeId],
  );
  return rows[0] ? toRecord(rows[0]) : null;
}

function toRecord(row: Row): NodeRecord {
  const inventory = NodeInventory.safeParse(row.inventory);
  return {
    id: row.id,
    name: row.name,
    host: row.host,
    port: row.port,
    username: row.username,
    isPractice: row.isPractice,
    hostKey: toHostKey(row),
    status: NODE_STATUSES.find((status) => status === row.status) ?? "pending",
    settings: NodeSettings.parse(row.settings),
    // One that an older version wrote is taken again.
    inventory: inventory.success ? inventory.data : null,
    connectionVersion: row.connectionVersion,
  };
}

function toHostKey(row: Row): HostKey | null {
  const { hostKeyAlgorithm: algorithm, hostKeyFingerprint: fingerprint, hostKeyBlob } = row;
  if (algorithm === null || fingerprint === null || hostKeyBlob === null) return null;
  return { algorithm, fingerprint, blob: hostKeyBlob.toString("base64") };
}
