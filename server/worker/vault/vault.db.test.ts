import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../db";
import { createTestDatabase } from "../../testing/database";
import { loadKeyRing, Vault } from ".";

describe("the vault", () => {
  let db: Database;
  let directory: string;
  beforeAll(async () => {
    db = await createTestDatabase();
    directory = mkdtempSync(join(tmpdir(), "trainyard-vault-"));
  });
  afterAll(async () => {
    await db.close();
    rmSync(directory, { recursive: true });
  });
  const vaultWith = (name: string) => new Vault(db.pool, loadKeyRing(join(directory, name, "ring.json")));
  const password = (text: string) => ({ method: "password" as const, password: Buffer.from(text) });

  it("gives back what was stored last, and nothing once it was deleted", async () => {
    const [vault, nodeId] = [vaultWith("a"), randomUUID()];
    expect(await vault.read(nodeId)).toBeNull();
    await vault.store(nodeId, password("first"));
    await vault.store(nodeId, password("second"));
    expect(await vault.read(nodeId)).toEqual(password("second"));
    await vault.delete(nodeId);
    expect(await vault.read(nodeId)).toBeNull();
  });

  it("keeps no plaintext in the row", async () => {
    const [vault, nodeId] = [vaultWith("a"), randomUUID()];
    await vault.store(nodeId, password("canary-7f3a"));
    const { rows } = await db.pool.query("SELECT envelope FROM credential WHERE node_id = $1", [nodeId]);
    expect(rows[0].envelope.includes("canary-7f3a")).toBe(false);
  });

  it("keeps only credentials of nodes that are there", async () => {
    const vault = vaultWith("a");
    const data = { host: "h", username: "u", authMethod: "password" };
    const kept = await db.prisma.node.create({ data: { ...data, name: "kept" } });
    const removed = await db.prisma.node.create({ data: { ...data, name: "gone", removedAt: new Date() } });
    const ids = [kept.id, removed.id, randomUUID()];
    for (const id of ids) await vault.store(id, password("canary"));
    await vault.deleteOrphans();
    const found = await Promise.all(ids.map(async (id) => (await vault.read(id)) !== null));
    expect(found).toEqual([true, false, false]);
  });

  it("fails closed when two rows were swapped or the key ring is another one", async () => {
    const [vault, one, two] = [vaultWith("a"), randomUUID(), randomUUID()];
    await vault.store(one, password("of one"));
    await vault.store(two, password("of two"));
    await db.pool.query(
      `UPDATE credential c SET envelope = o.envelope FROM credential o
       WHERE c.node_id IN ($1, $2) AND o.node_id IN ($1, $2) AND o.node_id <> c.node_id`,
      [one, two],
    );
    await expect(vault.read(one)).rejects.toMatchObject({ code: "PRECONDITION" });
    await vault.store(one, password("again"));
    await expect(vaultWith("b").read(one)).rejects.toMatchObject({ code: "PRECONDITION" });
  });
});
