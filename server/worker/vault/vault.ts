import type pg from "pg";
import type { SecretCredential } from "../ssh";
import { openCredential, sealCredential } from "./credential-envelope";
import type { KeyRing } from "./key-ring";
import { PreparationVault } from "./preparation-secrets";

/** The only way to the credential table. Raw SQL on purpose: nothing that loads a node can bring a secret along. */
export class Vault {
  readonly preparation: PreparationVault;
  private readonly pool: pg.Pool;
  private readonly ring: KeyRing;

  constructor(pool: pg.Pool, ring: KeyRing) {
    this.pool = pool;
    this.ring = ring;
    this.preparation = new PreparationVault(pool, ring);
  }

  /** Encrypts and replaces, in the caller's transaction when there is one. The credential is the caller's to wipe. */
  async store(
    nodeId: string,
    credential: SecretCredential,
    client: pg.Pool | pg.PoolClient = this.pool,
  ): Promise<void> {
    const envelope = sealCredential(this.ring, nodeId, credential);
    await client.query(
      `INSERT INTO credential (node_id, key_id, envelope, updated_at) VALUES ($1, $2, $3, now())
       ON CONFLICT (node_id) DO UPDATE
         SET key_id = excluded.key_id, envelope = excluded.envelope, updated_at = excluded.updated_at`,
      [nodeId, this.ring.primaryId, envelope],
    );
  }

  /** null when none is stored. The caller wipes it. @throws AppError PRECONDITION when it cannot be decrypted */
  async read(nodeId: string): Promise<SecretCredential | null> {
    const { rows } = await this.pool.query<{ key_id: string; envelope: Buffer }>(
      "SELECT key_id, envelope FROM credential WHERE node_id = $1",
      [nodeId],
    );
    const row = rows[0];
    return row ? openCredential(this.ring, { nodeId, keyId: row.key_id }, row.envelope) : null;
  }

  /** Credentials, and secrets for preparing, of nodes that are gone, however that came about. */
  async deleteOrphans(): Promise<void> {
    await this.pool.query(
      `DELETE FROM credential c
       WHERE NOT EXISTS (SELECT 1 FROM node n WHERE n.id = c.node_id AND n."removedAt" IS NULL)`,
    );
    await this.preparation.deleteOrphans();
  }

  async delete(nodeId: string): Promise<void> {
    await this.pool.query("DELETE FROM credential WHERE node_id = $1", [nodeId]);
  }
}
