import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io as connect } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createFirstAdmin, createToken } from "../auth";
import { SYSTEM_ACTOR } from "../context";
import type { ChangeBatch } from "../contracts/sockets";
import type { Database } from "../db";
import { readEnv } from "../env";
import { createLogger } from "../log";
import { createTestDatabase, testContext } from "../testing/database";
import { waitUntil } from "../testing/processes";
import { sshdUnavailable, startSshd, type TestSshd } from "../testing/sshd";
import { toSecret } from "../worker/ssh";
import { startWorker, type Worker } from "../worker/start-worker";
import { loadKeyRing, Vault } from "../worker/vault";
import { closeHttpServer, createHttpServer, listen } from "./http-server";
import { type Client, enter, outcome } from "./live-site";
import { startLive } from "./start-live";

const NODES = 4;
const log = createLogger("test", "silent");

type WebSite = Awaited<ReturnType<typeof startWeb>>;

/** A web process without its pages. */
async function startWeb(db: Database, directory: string) {
  const env = readEnv({ NODE_ENV: "test", TRAINYARD_DATA_DIR: directory, PORT: "0" });
  let origin = "";
  const server = createHttpServer({
    security: () => ({ origin, isDevelopment: false }),
    pages: () => null,
    otherUpgrades: () => null,
  });
  origin = `http://127.0.0.1:${await listen(server, { host: "127.0.0.1", port: 0 })}`;
  const live = startLive({ env, log, version: "test", origin, db, server });
  const viewers: Client[] = [];
  return {
    container: live.container,
    viewer: async (token: string): Promise<Client> => {
      const extraHeaders = { authorization: `Bearer ${token}` };
      const client: Client = connect(origin, {
        path: "/socket.io/",
        transports: ["websocket"],
        extraHeaders,
      });
      viewers.push(client);
      expect(await outcome(client)).toBe("connected");
      return client;
    },
    stop: async () => {
      for (const client of viewers) client.close();
      await live.stop();
      await closeHttpServer(server);
    },
  };
}

describe.skipIf(sshdUnavailable !== null)("two workers and two webs on one database", () => {
  let db: Database;
  let sshd: TestSshd;
  let directory: string;
  let token: string;
  let webs: readonly [WebSite, WebSite];
  const nodeIds: string[] = [];
  const workers = new Map<string, Worker>();

  const envOf = (settings: Record<string, string>) =>
    readEnv({ TRAINYARD_DATA_DIR: directory, TRAINYARD_PRACTICE: "off", ...settings });
  const start = async (name: string, settings: Record<string, string> = {}) => {
    workers.set(name, await startWorker({ env: envOf(settings), databaseUrl: db.url, log }));
  };
  const stop = async (name: string) => {
    await workers.get(name)?.stop();
    workers.delete(name);
  };
  /** How many nodes each worker holds, most first. */
  const shares = async () => {
    const { rows } = await db.pool.query<{ count: number }>(
      "SELECT count(*)::int FROM node_lease WHERE until > clock_timestamp() GROUP BY owner ORDER BY 1 DESC",
    );
    return rows.map((row) => row.count);
  };
  const untilShares = (wanted: number[]) =>
    vi.waitFor(async () => expect(await shares()).toEqual(wanted), { timeout: 20_000, interval: 100 });
  const untilOnline = () =>
    waitUntil(
      async () => (await db.prisma.node.count({ where: { status: "online" } })) === NODES,
      "every node online",
    );

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "trainyard-several-"));
    [db, sshd] = await Promise.all([createTestDatabase(), startSshd()]);
    const ctx = testContext(db);
    await createFirstAdmin({ ctx });
    await db.prisma.user.updateMany({ data: { mustChangePassword: false } });
    ({ token } = await createToken({ ctx, input: { name: "test", expiresInDays: null } }));
    const vault = new Vault(db.pool, loadKeyRing(envOf({}).keyFile));
    const { algorithm, fingerprint, blob } = sshd.hostKey();
    for (let n = 0; n < NODES; n++) {
      const { id } = await db.prisma.node.create({
        data: {
          name: `node-${n}`,
          host: sshd.host,
          port: sshd.port,
          username: sshd.username,
          authMethod: "private_key",
          hostKeyAlgorithm: algorithm,
          hostKeyFingerprint: fingerprint,
          hostKeyBlob: Buffer.from(blob, "base64"),
          settings: { workDirectory: join(sshd.homeDirectory, `work-${n}`) },
        },
      });
      nodeIds.push(id);
      await vault.store(id, toSecret({ method: "private_key", privateKey: sshd.privateKey }));
    }
    webs = [await startWeb(db, directory), await startWeb(db, directory)];
    await start("one");
    await start("two", { TRAINYARD_LINK_LISTEN: "127.0.0.1:0" });
  });
  afterAll(async () => {
    for (const web of webs) await web.stop();
    for (const name of [...workers.keys()]) await stop(name);
    await sshd.stop();
    await db.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it("share the nodes, and every web reaches every node through the worker that holds it", async () => {
    await untilShares([2, 2]);
    await untilOnline();
    const places = await db.prisma.worker.findMany();
    expect(places.filter(({ address }) => address !== null)).toHaveLength(1);
    for (const web of webs) {
      await waitUntil(() => web.container.state().isWorkerConnected, "a link");
      // A worker that does not hold the node would answer NODE_UNREACHABLE.
      for (const nodeId of nodeIds)
        await vi.waitFor(() => web.container.link.request("nodes.checkReadiness", { nodeId }), 10_000);
    }
  }, 120_000);

  it("sockets on each web see the readings of every worker's nodes", async () => {
    for (const web of webs) {
      const viewer = await web.viewer(token);
      const seen = new Set<string>();
      viewer.on("telemetry", ({ ticks }) => {
        for (const tick of ticks) seen.add(tick.nodeId);
      });
      expect(await enter(viewer, "yard")).toMatchObject({ ok: true });
      await waitUntil(() => nodeIds.every((nodeId) => seen.has(nodeId)), "readings of every node");
    }
  });

  it("sockets on one web see what is changed through the other", async () => {
    const [one, two] = webs;
    const viewer = await two.viewer(token);
    const [nodeId = ""] = nodeIds;
    const changed: ChangeBatch[] = [];
    viewer.on("changed", (batch) => changed.push(batch));
    await enter(viewer, "yard");
    const runId = crypto.randomUUID();
    one.container.contextOf(SYSTEM_ACTOR).publish({ kind: "run", runId, nodeId });
    await waitUntil(() => changed.some(({ runs }) => runs.includes(runId)), "the other web's change");
  });

  it("a worker that leaves hands its nodes over, and one that joins gets its share", async () => {
    await stop("one");
    await untilShares([4]);
    await untilOnline();
    await start("three");
    await untilShares([2, 2]);
    await untilOnline();
    const [web] = webs;
    for (const nodeId of nodeIds)
      await vi.waitFor(() => web.container.link.request("nodes.checkReadiness", { nodeId }), 10_000);
  }, 60_000);
});
