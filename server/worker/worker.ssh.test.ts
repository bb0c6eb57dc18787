import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LinkInput, LinkOutput, LinkRequestName } from "../contracts/link";
import type { HostKey, NodeCredential } from "../contracts/nodes";
import type { TelemetryTick } from "../contracts/telemetry";
import type { Database } from "../db";
import { type Env, readEnv } from "../env";
import { linkSecret } from "../link-secret";
import { createLogger } from "../log";
import { acquireLease } from "../nodes";
import { createTestDatabase } from "../testing/database";
import { waitUntil } from "../testing/processes";
import { sshdUnavailable, startSshd, type TestSshd } from "../testing/sshd";
import { startTcpProxy, type TcpProxy } from "../testing/tcp-proxy";
import { createLinkClient, type LinkClient } from "../web/link-client";
import { startWorker, type Worker } from "./start-worker";

const log = createLogger("test", "silent");

describe.skipIf(sshdUnavailable !== null)("a worker", () => {
  let db: Database;
  let sshd: TestSshd;
  let proxy: TcpProxy;
  let worker: Worker;
  let link: LinkClient;
  let env: Env;
  let directory: string;
  const ticks: TelemetryTick[] = [];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "trainyard-worker-"));
    env = readEnv({ TRAINYARD_DATA_DIR: directory, TRAINYARD_PRACTICE: "off" });
    db = await createTestDatabase();
    sshd = await startSshd();
    proxy = await startTcpProxy(sshd);
    worker = await startWorker({ env, databaseUrl: db.url, log });
    ticks.length = 0;
    link = createLinkClient({
      place: { socketPath: env.linkSocket },
      secret: linkSecret(env),
      log,
      events: {
        onTicks: (batch) => ticks.push(...batch),
        onChanged: () => {},
        onFiles: () => {},
        onState: () => {},
      },
    });
    await waitUntil(() => link.isConnected(), "the link");
  });
  afterEach(async () => {
    link.close();
    await worker.stop();
    await proxy.stop();
    await sshd.stop();
    await db.close();
    rmSync(directory, { recursive: true });
  });

  const key = (): NodeCredential => ({ method: "private_key", privateKey: sshd.privateKey });
  const ask = <N extends LinkRequestName>(name: N, input: LinkInput<N>): Promise<LinkOutput<N>> =>
    link.request(name, input);
  const addNode = async (credential: NodeCredential, hostKey: HostKey = sshd.hostKey()) => {
    const node = await db.prisma.node.create({
      data: {
        name: `node-${randomUUID()}`,
        host: proxy.host,
        port: proxy.port,
        username: sshd.username,
        authMethod: credential.method,
        hostKeyAlgorithm: hostKey.algorithm,
        hostKeyFingerprint: hostKey.fingerprint,
        hostKeyBlob: Buffer.from(hostKey.blob, "base64"),
      },
    });
    await ask("nodes.storeCredential", { nodeId: node.id, credential });
    return node.id;
  };
  const nodeRow = (id: string) => db.prisma.node.findUniqueOrThrow({ where: { id } });
  const untilStatus = (id: string, status: string) =>
    waitUntil(async () => (await nodeRow(id)).status === status, `status ${status}`);

  it("counts logins and reconnects of each node, and tells its own event loop", async () => {
    const nodeId = await addNode(key());
    const counted = async (sample: RegExp) => sample.test((await ask("metrics", {})).texts.join("\n"));
    const ok = new RegExp(
      `trainyard_ssh_logins_total\\{node_id="${nodeId}",outcome="ok",worker="\\w+"\\} [1-9]`,
    );
    await waitUntil(() => counted(ok), "the first login", 20_000);
    proxy.cutNow();
    const again = new RegExp(`trainyard_ssh_reconnects_total\\{node_id="${nodeId}",worker="\\w+"\\} [1-9]`);
    await waitUntil(() => counted(again), "the reconnect", 20_000);
    expect(await counted(/nodejs_eventloop_lag_seconds\{process="worker",worker="\w+"\} /)).toBe(true);
  }, 60_000);

  it("brings a new node online, looks at it, and sends its readings", async () => {
    const nodeId = await addNode(key());
    await untilStatus(nodeId, "online");
    await waitUntil(async () => (await nodeRow(nodeId)).inventory !== null, "the inventory");
    expect(await nodeRow(nodeId)).toMatchObject({ statusCode: null, statusMessage: null });
    expect((await nodeRow(nodeId)).inventory).toMatchObject({ homeDirectory: sshd.homeDirectory });
    await waitUntil(() => ticks.some((tick) => tick.nodeId === nodeId), "a reading");
    const watched = await ask("watch", { rooms: [`node:${nodeId}`] });
    expect(watched.ticks).toHaveLength(1);
    expect(await ask("ping", {})).toMatchObject({ owner: worker.owner, nodeIds: [nodeId] });
  });

  it("checks a new node's readiness by itself, again when its settings change, and when asked", async () => {
    const nodeId = await addNode(key());
    const checkedAt = async () =>
      (await db.prisma.nodeReadiness.findUnique({ where: { nodeId } }))?.checkedAt.getTime() ?? 0;
    await waitUntil(async () => (await checkedAt()) > 0, "the first check");
    const first = await checkedAt();
    await ask("nodes.checkReadiness", { nodeId });
    const second = await checkedAt();
    expect(second).toBeGreaterThan(first);
    await db.prisma.node.update({ where: { id: nodeId }, data: { settings: { workDirectory: "/tmp" } } });
    await ask("wake", { nodeIds: [nodeId] });
    await waitUntil(async () => (await checkedAt()) > second, "a check of the new settings");
    const { facts } = await db.prisma.nodeReadiness.findUniqueOrThrow({ where: { nodeId } });
    expect(facts).toMatchObject({ files: { directory: "/tmp", failed: null } });
  }, 60_000);

  it("keeps inventory and readiness when the checkout's flags cannot be kept", async () => {
    await db.pool.query("ALTER TABLE node_checkout RENAME TO node_checkout_away");
    const nodeId = await addNode(key());
    await untilStatus(nodeId, "online");
    await ask("nodes.checkReadiness", { nodeId });
    expect((await nodeRow(nodeId)).inventory).not.toBeNull();
    expect(await db.prisma.nodeReadiness.count({ where: { nodeId } })).toBe(1);
    await expect(ask("nodes.refreshInventory", { nodeId })).resolves.toBeDefined();
  });

  it("tells what a run would find on a node, once for equal questions, and only while it is connected", async () => {
    const model = join(sshd.homeDirectory, "models", "opt");
    const question = { env: {}, modelPaths: [model], modelNames: [], folders: ["~/rows"], dataSets: [] };
    const nodeId = await addNode(key());
    await untilStatus(nodeId, "online");
    await waitUntil(async () => (await nodeRow(nodeId)).inventory !== null, "the inventory");
    const first = await ask("nodes.checkRun", { nodeId, questions: [question] });
    expect(first.answers).toMatchObject([
      {
        username: sshd.username,
        places: [
          { role: "work", path: `${sshd.homeDirectory}/.trainyard`, isWritable: true },
          { role: "hub" },
        ],
        models: [{ name: model, state: "absent" }],
        folders: [{ path: "~/rows", state: "absent" }],
      },
    ]);
    expect(await ask("nodes.checkRun", { nodeId, questions: [question] })).toEqual(first);
    mkdirSync(model, { recursive: true });
    writeFileSync(join(model, "config.json"), "{}");
    mkdirSync(join(sshd.homeDirectory, "rows"), { mode: 0o700 });
    const kept = join(
      sshd.homeDirectory,
      ".cache/huggingface/datasets/Dahoas___rm-static/default/0.0.0/5f0c",
    );
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, "dataset_info.json"), "{}");
    const again = {
      ...question,
      env: { TMPDIR: "/proc/nowhere", HF_HUB_OFFLINE: "1" },
      dataSets: ["Dahoas/rm-static", "stanfordnlp/SHP"],
    };
    const { answers } = await ask("nodes.checkRun", { nodeId, questions: [again] });
    // Where a user could be made, root's own directory is closed to that user.
    const isOther = sshd.username !== userInfo().username;
    expect(answers).toMatchObject([
      {
        models: [{ state: "there", hasConfig: true, weights: null }],
        folders: [{ state: isOther ? "closed" : "there" }],
        dataSets: [{ state: "there" }, { state: "absent" }],
        isDataOffline: true,
        hub: [],
      },
    ]);
    if (isOther)
      expect(answers[0]?.places.find(({ role }) => role === "TMPDIR")).toMatchObject({
        nearest: "/proc",
        isWritable: false,
      });
    proxy.setRefusing(true);
    proxy.cutNow();
    await untilStatus(nodeId, "unreachable");
    await expect(ask("nodes.checkRun", { nodeId, questions: [question] })).rejects.toMatchObject({
      code: "NODE_UNREACHABLE",
    });
  });

  it("cannot check a node that is away", async () => {
    const nodeId = await addNode(key());
    await untilStatus(nodeId, "online");
    proxy.setRefusing(true);
    proxy.cutNow();
    await untilStatus(nodeId, "unreachable");
    await expect(ask("nodes.checkReadiness", { nodeId })).rejects.toMatchObject({ code: "NODE_UNREACHABLE" });
  });

  it("tries a wrong password twice and then waits for a person", async ({ skip }) => {
    if (sshd.password === null) return skip(sshd.passwordUnavailable ?? "no password");
    const nodeId = await addNode({ method: "password", password: "wrong" });
    await untilStatus(nodeId, "auth_rejected");
    await waitUntil(() => sshd.authAttempts() === 2, "the second attempt");
    await ask("wake", { nodeIds: [nodeId] });
    await ask("wake", { nodeIds: [nodeId] });
    expect(await nodeRow(nodeId)).toMatchObject({ status: "auth_rejected", statusCode: "SSH_AUTH_REJECTED" });
    expect(sshd.authAttempts()).toBe(2);
    await ask("nodes.storeCredential", {
      nodeId,
      credential: { method: "password", password: sshd.password },
    });
    await untilStatus(nodeId, "online");
  });

  it("sends no credential to a host whose key changed, and goes on once the new one is confirmed", async () => {
    const nodeId = await addNode(key());
    await untilStatus(nodeId, "online");
    const attempts = sshd.authAttempts();
    const changed = await sshd.restartWithNewHostKey();
    await sshd.killSessions();
    await untilStatus(nodeId, "host_key_mismatch");
    expect((await nodeRow(nodeId)).statusCode).toBe("HOST_KEY_MISMATCH");
    expect(sshd.authAttempts()).toBe(attempts);
    await expect(ask("nodes.test", { nodeId })).rejects.toMatchObject({
      code: "HOST_KEY_MISMATCH",
      details: { hostKey: changed },
    });
    await db.prisma.node.update({
      where: { id: nodeId },
      data: {
        hostKeyFingerprint: changed.fingerprint,
        hostKeyBlob: Buffer.from(changed.blob, "base64"),
        connectionVersion: { increment: 1 },
      },
    });
    await ask("wake", { nodeIds: [nodeId] });
    await untilStatus(nodeId, "online");
  });

  it("calls a cut link unreachable, with the time of the last contact, and comes back by itself", async () => {
    const nodeId = await addNode(key());
    await untilStatus(nodeId, "online");
    proxy.setRefusing(true);
    proxy.cutNow();
    await untilStatus(nodeId, "unreachable");
    expect((await nodeRow(nodeId)).lastContactAt).toBeInstanceOf(Date);
    proxy.setRefusing(false);
    await untilStatus(nodeId, "online");
  });

  it("lets go of a node that another worker leased meanwhile", async () => {
    const nodeId = await addNode(key());
    await untilStatus(nodeId, "online");
    await db.pool.query(
      "UPDATE node_lease SET until = clock_timestamp() - interval '1 second' WHERE node_id = $1",
      [nodeId],
    );
    expect(await acquireLease(db.pool, nodeId, "somebody else")).not.toBeNull();
    await ask("wake", { nodeIds: [nodeId] });
    await waitUntil(async () => (await ask("ping", {})).nodeIds.length === 0, "the runtime to end");
    await waitUntil(() => proxy.openCount() === 0, "the connection to end");
  });

  it("gives its leases back when it stops, so that the next worker starts at once", async () => {
    const nodeId = await addNode(key());
    await untilStatus(nodeId, "online");
    await worker.stop();
    expect(await acquireLease(db.pool, nodeId, "the next one")).not.toBeNull();
    await db.pool.query("DELETE FROM node_lease");
    worker = await startWorker({ env, databaseUrl: db.url, log });
    await waitUntil(() => link.isConnected(), "the link");
    await waitUntil(async () => (await ask("ping", {})).nodeIds.length === 1, "the lease");
  });

  it("drops a node that was removed", async () => {
    const nodeId = await addNode(key());
    await untilStatus(nodeId, "online");
    await db.prisma.node.update({ where: { id: nodeId }, data: { removedAt: new Date() } });
    await ask("wake", { nodeIds: [nodeId] });
    await waitUntil(() => proxy.openCount() === 0, "the connection to end");
    expect((await ask("ping", {})).nodeIds).toEqual([]);
  });

  it("tests an address without storing anything", async () => {
    const input = { host: proxy.host, port: proxy.port, username: sshd.username, hostKey: sshd.hostKey() };
    const result = await ask("nodes.testConnection", { ...input, credential: key() });
    expect(result.inventory.homeDirectory).toBe(sshd.homeDirectory);
    expect(await ask("nodes.fetchHostKey", { host: proxy.host, port: proxy.port })).toEqual(sshd.hostKey());
    expect(await db.prisma.credential.count()).toBe(0);
  });

  it("refuses what is not a request, names bad fields, and lets nobody in without the secret", async () => {
    await expect(ask("toString" as "ping", {})).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(ask("nodes.test", { nodeId: "1" })).rejects.toMatchObject({
      code: "VALIDATION",
      details: { fields: [{ path: "nodeId" }] },
    });
    let isLetIn = false;
    const stranger = createLinkClient({
      place: { socketPath: env.linkSocket },
      secret: "guess",
      log,
      events: {
        onTicks: () => {},
        onChanged: () => {},
        onFiles: () => {},
        onState: (isConnected) => {
          isLetIn ||= isConnected;
        },
      },
    });
    await ask("ping", {});
    await ask("ping", {});
    expect(isLetIn).toBe(false);
    stranger.close();
  });
});
