import type { Database } from "../../../server/db";
import type { TestSshd } from "../../../server/testing/sshd";
import { installTraining } from "../../../server/testing/test-training";
import { toSecret } from "../../../server/worker/ssh";
import type { Vault } from "../../../server/worker/vault";

interface NewNode {
  db: Database;
  vault: Vault;
  sshd: TestSshd;
  home: string;
  name: string;
  /** Where it is said to be; its own when left out. */
  port?: number;
}

/** A node as it stands after somebody added it and confirmed its key. */
export async function addNode({ db, vault, sshd, home, name, port }: NewNode): Promise<string> {
  const { algorithm, fingerprint, blob } = sshd.hostKey();
  const { id } = await db.prisma.node.create({
    data: {
      name,
      host: sshd.host,
      port: port ?? sshd.port,
      username: sshd.username,
      authMethod: "private_key",
      hostKeyAlgorithm: algorithm,
      hostKeyFingerprint: fingerprint,
      hostKeyBlob: Buffer.from(blob, "base64"),
      settings: { virtualEnvironment: installTraining({ home, owner: sshd.username }) },
    },
  });
  await vault.store(id, toSecret({ method: "private_key", privateKey: sshd.privateKey }));
  return id;
}
