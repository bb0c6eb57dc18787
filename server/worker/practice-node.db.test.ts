import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../db";
import { createTestDatabase, testContext } from "../testing/database";
import { FirstLooks } from "./first-looks";
import { Outbox } from "./outbox";
import { keepPracticeNode } from "./practice-node";
import { Slots } from "./ssh";
import { loadKeyRing, Vault } from "./vault";
import { WorkerMetrics } from "./worker-metrics";
import type { WorkerParts } from "./worker-parts";

describe("the practice node", () => {
  let db: Database;
  let directory: string;
  let parts: WorkerParts;
  beforeEach(async () => {
    db = await createTestDatabase();
    directory = mkdtempSync(join(tmpdir(), "trainyard-practice-"));
    mkdirSync(join(directory, "practice"));
    parts = {
      ctx: testContext(db),
      vault: new Vault(db.pool, loadKeyRing(join(directory, "keys", "ring.json"))),
      outbox: new Outbox(() => {}),
      owner: "test",
      loginSlots: new Slots(1),
      firstLooks: new FirstLooks(),
      metrics: new WorkerMetrics("test"),
      keepNodeLogsDays: null,
    };
  });
  afterEach(async () => {
    await db.close();
    rmSync(directory, { recursive: true });
  });
  const listenAt = (port: number) => {
    const hostKey = { algorithm: "ssh-ed25519", fingerprint: `SHA256:${"a".repeat(43)}`, blob: "AAAA" };
    const server = { host: "127.0.0.1", port, username: "practice", password: `secret-${port}`, hostKey };
    writeFileSync(join(directory, "practice", "server.json"), JSON.stringify(server));
  };
  const keep = () => keepPracticeNode(parts, directory);

  it("is not there while its server is not", async () => {
    expect(await keep()).toBe(false);
    expect(await db.prisma.node.count()).toBe(0);
  });

  it("is registered once, also by two workers at the same time, with its credential encrypted", async () => {
    listenAt(4001);
    expect((await Promise.all([keep(), keep()])).filter(Boolean)).toHaveLength(1);
    expect(await keep()).toBe(false);
    const nodes = await db.prisma.node.findMany();
    expect(nodes).toMatchObject([{ name: "practice", isPractice: true, port: 4001, authMethod: "password" }]);
    const stored = await parts.vault.read(nodes[0]?.id ?? "");
    expect(stored).toEqual({ method: "password", password: Buffer.from("secret-4001") });
  });

  it("follows its server to another port", async () => {
    listenAt(4001);
    await keep();
    listenAt(4002);
    expect(await keep()).toBe(true);
    const node = await db.prisma.node.findFirstOrThrow();
    expect(node).toMatchObject({ port: 4002, connectionVersion: 2 });
    expect(await parts.vault.read(node.id)).toMatchObject({ password: Buffer.from("secret-4002") });
  });

  it("does not come back after somebody removed it", async () => {
    listenAt(4001);
    await keep();
    await db.prisma.node.deleteMany();
    listenAt(4002);
    expect(await keep()).toBe(false);
    expect(await db.prisma.node.count()).toBe(0);
  });
});
