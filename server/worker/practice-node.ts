import { randomUUID } from "node:crypto";
import type pg from "pg";
import { NodeSettings } from "../contracts/nodes";
import { inTransaction } from "../db";
import { PRACTICE_SETTINGS, type PracticeServer, readPracticeServer } from "../nodes";
import type { SecretCredential } from "./ssh";
import type { WorkerParts } from "./worker-parts";

const FACT = "practice.offered";
const NAME = "practice";

/**
 * Registers the practice node at the first start of an installation, once: whoever removes it does not get it back. After
 * that it follows the practice server to its current address, key and password, which come from a file of our own (0600)
 * and so need no confirmation by a person.
 * @returns whether a node was added or changed
 */
export async function keepPracticeNode(parts: WorkerParts, dataDirectory: string): Promise<boolean> {
  const server = await readPracticeServer(dataDirectory);
  if (server === null) return false;
  const credential: SecretCredential = { method: "password", password: Buffer.from(server.password) };
  try {
    return await inTransaction(parts.ctx.db.pool, async (client) => {
      // Two workers on one data directory take turns here.
      await client.query("SELECT pg_advisory_xact_lock(hashtext($1))", [FACT]);
      const nodeId = (await updateRow(client, server)) ?? (await offerOnce(client, server));
      if (nodeId === null) return false;
      await parts.vault.store(nodeId, credential, client);
      return true;
    });
  } finally {
    credential.password.fill(0);
  }
}

/** The registered node, when the server is not where its row says. */
async function updateRow(client: pg.PoolClient, server: PracticeServer): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    `UPDATE node SET host = $1, port = $2, username = $3, "hostKeyAlgorithm" = $4, "hostKeyBlob" = $5,
       "hostKeyFingerprint" = $6, "connectionVersion" = "connectionVersion" + 1, "updatedAt" = now()
     WHERE "isPractice" AND "removedAt" IS NULL
       AND (host, port, username, "hostKeyBlob") IS DISTINCT FROM ($1, $2, $3, $5)
     RETURNING id`,
    addressColumns(server),
  );
  return rows[0]?.id ?? null;
}

async function offerOnce(client: pg.PoolClient, server: PracticeServer): Promise<string | null> {
  const offered = await client.query(
    "INSERT INTO installation_fact (key, value) VALUES ($1, 'true') ON CONFLICT (key) DO NOTHING",
    [FACT],
  );
  if (offered.rowCount === 0) return null;
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO node (id, name, host, port, username, "authMethod", "isPractice", "hostKeyAlgorithm", "hostKeyBlob",
       "hostKeyFingerprint", settings, "updatedAt")
     SELECT $7, $8, $1, $2, $3, 'password', true, $4, $5, $6, $9, now()
     WHERE NOT EXISTS (SELECT 1 FROM node WHERE "isPractice" OR name = $8)
     RETURNING id`,
    [...addressColumns(server), randomUUID(), NAME, JSON.stringify(NodeSettings.parse(PRACTICE_SETTINGS))],
  );
  return rows[0]?.id ?? null;
}

function addressColumns({ host, port, username, hostKey }: PracticeServer): unknown[] {
  return [host, port, username, hostKey.algorithm, Buffer.from(hostKey.blob, "base64"), hostKey.fingerprint];
}
