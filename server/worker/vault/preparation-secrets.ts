import type pg from "pg";
import {
  PREPARATION_SECRETS,
  type PreparationSecretName,
  type PreparationSecrets,
} from "../../contracts/preparation";
import { openSecret, sealSecret } from "./envelope";
import type { KeyRing } from "./key-ring";

/** Sealed for the row and the field, as credentials are; the prefix keeps the two kinds apart. */
const placeOf = (nodeId: string, name: PreparationSecretName) => ({ nodeId, field: `prepare.${name}` });

/** The only way to the secrets that preparing a node needs. */
export class PreparationVault {
  private readonly pool: pg.Pool;
  private readonly ring: KeyRing;

  constructor(pool: pg.Pool, ring: KeyRing) {
    this.pool = pool;
    this.ring = ring;
  }

  /** Stores what is given, forgets what is null, and leaves the rest as it is. */
  async store(nodeId: string, secrets: PreparationSecrets): Promise<void> {
    for (const name of PREPARATION_SECRETS) {
      const secret = secrets[name];
      if (secret === null)
        await this.pool.query("DELETE FROM preparation_secret WHERE node_id = $1 AND name = $2", [
          nodeId,
          name,
        ]);
      else if (secret !== undefined) await this.put(nodeId, name, secret);
    }
  }

  private async put(nodeId: string, name: PreparationSecretName, secret: string): Promise<void> {
    const plaintext = Buffer.from(secret);
    try {
      const envelope = sealSecret(this.ring, placeOf(nodeId, name), plaintext);
      await this.pool.query(
        `INSERT INTO preparation_secret (node_id, name, key_id, envelope) VALUES ($1, $2, $3, $4)
         ON CONFLICT (node_id, name) DO UPDATE SET key_id = excluded.key_id, envelope = excluded.envelope`,
        [nodeId, name, this.ring.primaryId, envelope],
      );
    } finally {
      plaintext.fill(0);
    }
  }

  /** All that are stored. @throws AppError PRECONDITION when one cannot be decrypted */
  async read(nodeId: string): Promise<Map<PreparationSecretName, string>> {
    const { rows } = await this.pool.query<{ name: string; key_id: string; envelope: Buffer }>(
      "SELECT name, key_id, envelope FROM preparation_secret WHERE node_id = $1",
      [nodeId],
    );
    const secrets = new Map<PreparationSecretName, string>();
    for (const name of PREPARATION_SECRETS) {
      const row = rows.find((each) => each.name === name);
      if (row === undefined) continue;
      const plaintext = openSecret(this.ring, { ...placeOf(nodeId, name), keyId: row.key_id }, row.envelope);
      secrets.set(name, plaintext.toString("utf8"));
      plaintext.fill(0);
    }
    return secrets;
  }

  /** Of nodes that are gone. */
  async deleteOrphans(): Promise<void> {
    await this.pool.query(
      `DELETE FROM preparation_secret s
       WHERE NOT EXISTS (SELECT 1 FROM node n WHERE n.id = s.node_id AND n."removedAt" IS NULL)`,
    );
  }
}
