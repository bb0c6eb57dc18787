import { request as send } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { acquireLease } from "../../nodes/lease";
import { type Site, startSite } from "../live-site";

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterEach(() => site.tidy());
afterAll(() => site.stop());

interface Reply {
  status: number;
  body: string;
}

/** fetch sets Host itself, and here it is what is tested. */
function get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = send(`${site.origin}${path}`, { headers, method }, async (response) => {
      let body = "";
      for await (const piece of response) body += piece;
      resolve({ status: response.statusCode ?? 0, body });
    });
    sent.on("error", reject).end();
  });
}

const WORKER_TEXT =
  "# HELP nodejs_eventloop_lag_seconds Lag of event loop in seconds.\n" +
  '# TYPE nodejs_eventloop_lag_seconds gauge\nnodejs_eventloop_lag_seconds{process="worker"} 0.25\n' +
  "# HELP trainyard_ssh_reconnects_total Reconnects.\n# TYPE trainyard_ssh_reconnects_total counter\n" +
  'trainyard_ssh_reconnects_total{node_id="n"} 3\n';
const startWorker = () =>
  site.startWorker((name) => ({
    ok: true,
    data: name === "metrics" ? { texts: [WORKER_TEXT] } : name === "watch" ? { ticks: [] } : {},
  }));

/** A run with one open attempt on the first node, whose log has `waiting` bytes that are not stored. */
async function openAttempt(waiting: number): Promise<void> {
  const { prisma } = site.db;
  const stage = await prisma.stage.create({
    data: { runId: site.runId, kind: "sft", gpuCount: 1, status: "running" },
  });
  const attempt = await prisma.attempt.create({
    data: { stageId: stage.id, number: 1, status: "running", command: {} },
  });
  const nodeId = site.nodeIds[0];
  for (const rank of [0, 1])
    await prisma.placement.create({ data: { attemptId: attempt.id, rank, nodeId, gpuUuids: [] } });
  const file = { attemptId: attempt.id, path: "training.log", kind: "log", identity: "1:1" };
  await prisma.nodeFile.create({ data: { ...file, generation: 0, offset: 5, size: 5_000 } });
  await prisma.nodeFile.create({ data: { ...file, generation: 1, offset: 10, size: 10 + waiting } });
  const lastContactAt = new Date(Date.now() - 90_000);
  await prisma.node.update({ where: { id: nodeId }, data: { lastContactAt, status: "unreachable" } });
}

describe("/healthz and /readyz", () => {
  it("says alive to anybody, and takes no other method", async () => {
    expect(await get("/healthz")).toEqual({ status: 200, body: '{"status":"alive"}\n' });
    expect(await get("/healthz", {}, "HEAD")).toEqual({ status: 200, body: "" });
    expect((await get("/readyz", {}, "POST")).status).toBe(405);
  });

  it("names the part that is missing, and is ready once it is there", async () => {
    const without = await get("/readyz");
    expect(without.status).toBe(503);
    expect(JSON.parse(without.body)).toEqual({
      status: "not ready",
      checks: { pages: "ok", database: "ok", migrations: "ok", worker: "not connected" },
    });
    await startWorker();
    const ready = await get("/readyz");
    expect([ready.status, JSON.parse(ready.body).status]).toEqual([200, "ready"]);
  });

  it("is not ready for a database that lacks a migration of this version", async () => {
    await startWorker();
    const { rows } = await site.db.pool.query(
      "DELETE FROM _prisma_migrations WHERE migration_name = '0003_node_cleanup' RETURNING *",
    );
    const lacking = await get("/readyz");
    expect(lacking.status).toBe(503);
    expect(JSON.parse(lacking.body).checks.migrations).toBe("not applied: 0003_node_cleanup");
    const columns = Object.keys(rows[0]);
    await site.db.pool.query(
      `INSERT INTO _prisma_migrations (${columns.join(", ")}) VALUES (${columns.map((_, at) => `$${at + 1}`).join(", ")})`,
      Object.values(rows[0]),
    );
    expect((await get("/readyz")).status).toBe(200);
  });
});

describe("/metrics", () => {
  it("is closed to a proxy's clients, to another site's page and to a wrong token", async () => {
    for (const headers of [
      { "x-forwarded-for": "203.0.113.9" },
      { "x-real-ip": "203.0.113.9" },
      { host: "evil.example" },
      { host: "evil.example", authorization: `Bearer ${site.token}x` },
      { host: "evil.example", cookie: site.cookie },
    ]) {
      const reply = await get("/metrics", headers as unknown as Record<string, string>);
      expect([reply.status, reply.body.includes("trainyard_")]).toEqual([401, false]);
    }
    const named = await get("/metrics", { host: "evil.example", authorization: `Bearer ${site.token}` });
    expect(named.status).toBe(200);
  });

  it("tells attempts, lag, leases, and the figures of both processes", async () => {
    await startWorker();
    await openAttempt(1_234);
    await acquireLease(site.db.pool, site.nodeIds[0], "worker/test");
    const { status, body } = await get("/metrics");
    expect(status).toBe(200);
    const value = (name: string) => {
      const line = body.split("\n").find((candidate) => candidate.startsWith(`${name} `));
      return line === undefined ? null : Number(line.slice(name.length + 1));
    };
    const [one, two] = site.nodeIds;
    expect(value('trainyard_attempts{status="running"}')).toBe(1);
    expect(value('trainyard_attempts{status="failed"}')).toBe(0);
    expect(value('trainyard_nodes{status="unreachable"}')).toBe(1);
    expect(value(`trainyard_ingest_lag_bytes{node="one",node_id="${one}"}`)).toBe(1_234);
    expect(value(`trainyard_ingest_lag_seconds{node="one",node_id="${one}"}`)).toBeGreaterThanOrEqual(90);
    expect(value(`trainyard_ingest_lag_seconds{node="two",node_id="${two}"}`)).toBe(0);
    expect(value(`trainyard_lease_age_seconds{node="one",node_id="${one}"}`)).toBeLessThan(5);
    expect(value(`trainyard_lease_held{node="two",node_id="${two}"}`)).toBe(0);
    expect(value(`trainyard_lease_age_seconds{node="two",node_id="${two}"}`)).toBeNull();
    expect(value("trainyard_workers")).toBe(1);
    expect(value('nodejs_eventloop_lag_seconds{process="worker"}')).toBe(0.25);
    expect(value('nodejs_eventloop_lag_seconds{process="web"}')).not.toBeNull();
    expect(value('trainyard_ssh_reconnects_total{node_id="n"}')).toBe(3);
    expect(body).not.toContain(site.token);
  });
});

it("leaves every other path to the pages", async () => {
  expect((await get("/healthzz")).status).toBe(503);
  expect((await get("/metrics/more")).status).toBe(503);
});
