import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server } from "socket.io";
import { io as connect, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createFirstAdmin, createToken } from "../auth";
import { container } from "../container";
import type { LinkReply, WebToWorkerEvents, WorkerToWebEvents } from "../contracts/link";
import type {
  ClientToServerEvents,
  FileHint,
  JoinReply,
  Room,
  ServerToClientEvents,
} from "../contracts/sockets";
import type { TelemetryTick } from "../contracts/telemetry";
import type { Database } from "../db";
import { readEnv } from "../env";
import { linkSecret } from "../link-secret";
import { createTestDatabase, testContext } from "../testing/database";
import { closeHttpServer, createHttpServer, listen } from "./http-server";
import { startLive } from "./start-live";

type Client = Socket<ServerToClientEvents, ClientToServerEvents>;
type Answer = (name: string, input: unknown) => LinkReply<unknown> | null;

const directory = mkdtempSync(join(tmpdir(), "trainyard-live-"));
const env = readEnv({ NODE_ENV: "test", TRAINYARD_DATA_DIR: directory, PORT: "0" });
let db: Database;
let origin: string;
let web: HttpServer;
let live: ReturnType<typeof startLive>;
let cookie: string;
let token: string;
let nodeIds: [string, string];
let runId: string;
const clients: Client[] = [];
const workers = new Set<() => Promise<void>>();

/** The worker's end of the link, speaking the real protocol on the real socket. */
async function startWorker(answer: Answer) {
  const http = createServer();
  const server = new Server<WebToWorkerEvents, WorkerToWebEvents>(http, {
    path: "/link",
    transports: ["websocket"],
  });
  const asked: { name: string; input: unknown }[] = [];
  server.use((socket, next) =>
    socket.handshake.auth.secret === linkSecret(env) ? next() : next(new Error("no")),
  );
  server.on("connection", (socket) => {
    socket.on("request", (name, input, reply) => {
      asked.push({ name, input });
      const result = answer(name, input);
      if (result !== null) reply(result);
    });
  });
  await new Promise<void>((resolve) => http.listen(env.linkSocket, resolve));
  await vi.waitFor(() => expect(container().state().isWorkerConnected).toBe(true), 5_000);
  const stop = async () => {
    workers.delete(stop);
    await server.close();
    await vi.waitFor(() => expect(container().state().isWorkerConnected).toBe(false), 5_000);
  };
  workers.add(stop);
  return { server, asked, stop };
}
const quiet: Answer = (name) => ({ ok: true, data: name === "watch" ? { ticks: [] } : {} });

const tick = (nodeId: string): TelemetryTick => ({
  nodeId,
  at: Date.now(),
  gpuUuids: [],
  values: [],
  host: null,
  processes: null,
});
const hint = (run: string): FileHint => ({
  runId: run,
  attemptId: run,
  fileId: run,
  path: "training.log",
  kind: "log",
  generation: 0,
  offset: 100,
  isComplete: false,
  scalarCount: 3,
});

async function addNode(name: string): Promise<string> {
  const row = await db.prisma.node.create({
    data: { name, host: name, username: "u", authMethod: "password" },
  });
  return row.id;
}

function open(headers: Record<string, string>): Client {
  const client: Client = connect(origin, {
    transports: ["websocket"],
    extraHeaders: headers,
    reconnection: false,
    forceNew: true,
  });
  clients.push(client);
  return client;
}

/** Connected, or why not. */
function outcome(client: Client): Promise<string> {
  return new Promise((resolve) => {
    client.once("connect", () => resolve("connected"));
    client.once("connect_error", (error) => resolve(error.message));
  });
}

async function viewer(): Promise<Client> {
  const client = open({ origin, cookie });
  expect(await outcome(client)).toBe("connected");
  return client;
}

const enter = (client: Client, room: string) =>
  new Promise<JoinReply>((resolve) => client.emit("join", room as Room, resolve));

beforeAll(async () => {
  db = await createTestDatabase();
  const ctx = testContext(db);
  const admin = await createFirstAdmin({ ctx });
  if (admin === null) throw new Error("a new database has no users");
  web = createHttpServer({
    security: () => ({ origin, isDevelopment: false }),
    pages: () => null,
    otherUpgrades: () => null,
  });
  origin = `http://127.0.0.1:${await listen(web, { host: "127.0.0.1", port: 0 })}`;
  live = startLive({ env, log: ctx.log, version: "test", origin, db, server: web });
  await db.prisma.user.updateMany({ data: { mustChangePassword: false } });
  cookie = await signIn(admin);
  token = (await createToken({ ctx, input: { name: "test", expiresInDays: null } })).token;
  nodeIds = [await addNode("one"), await addNode("two")];
  const run = await db.prisma.run.create({
    data: {
      name: "r",
      recipe: "deepspeed-chat",
      parameters: {},
      nodeId: nodeIds[0],
      createdBy: "t",
      idempotencyKey: "key-1",
    },
  });
  runId = run.id;
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const stop of workers) await stop();
});
afterAll(async () => {
  live.stop();
  await closeHttpServer(web);
  await db.close();
  rmSync(directory, { recursive: true, force: true });
});

async function signIn(admin: { email: string; password: string }): Promise<string> {
  const body = JSON.stringify(admin);
  const response = await container().handleAuth(
    new Request(`${origin}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json", "content-length": String(body.length), origin },
      body,
    }),
  );
  expect(response.status).toBe(200);
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

describe("who may connect", () => {
  it("lets a page with a session in, and says what is live", async () => {
    const client = open({ origin, cookie });
    const link = new Promise((resolve) => client.once("link", resolve));
    expect(await outcome(client)).toBe("connected");
    expect(await link).toEqual({ isWorkerConnected: false, isDatabaseAvailable: true });
  });

  it.each([
    ["no session", () => ({ origin })],
    ["a session, but another site's page", () => ({ origin: "https://evil.example", cookie })],
    ["a session, but an origin of null", () => ({ origin: "null", cookie })],
    ["a session, but no origin", () => ({ cookie })],
    ["a forged session", () => ({ origin, cookie: `${cookie}x` })],
    ["a wrong token", () => ({ authorization: `Bearer ${token}x` })],
  ])("refuses %s before the upgrade", async (_what, headers) => {
    expect(await outcome(open(headers() as Record<string, string>))).not.toBe("connected");
  });

  it("lets a program with a token in", async () => {
    expect(await outcome(open({ authorization: `Bearer ${token}` }))).toBe("connected");
  });

  it("closes the sockets of a session that ends, and does not let it back", async () => {
    const admin = await db.prisma.user.findFirstOrThrow();
    const other = await container().sessionOf(new Headers({ cookie }));
    expect(other?.user.id).toBe(admin.id);
    const client = await viewer();
    const gone = new Promise((resolve) => client.once("disconnect", resolve));
    const sessions = await db.prisma.session.findMany();
    const response = await container().handleAuth(
      new Request(`${origin}/api/auth/sign-out`, { method: "POST", headers: { origin, cookie } }),
    );
    expect(response.status).toBe(200);
    await gone;
    expect(await outcome(open({ origin, cookie }))).not.toBe("connected");
    await db.prisma.session.createMany({ data: sessions });
  });
});

describe("rooms", () => {
  it("hands each room its own part and nothing else", async () => {
    const worker = await startWorker(quiet);
    const [yard, first, second, run] = await Promise.all([viewer(), viewer(), viewer(), viewer()]);
    const joined = await Promise.all([
      enter(yard, "yard"),
      enter(first, `node:${nodeIds[0]}`),
      enter(second, `node:${nodeIds[1]}`),
      enter(run, `run:${runId}`),
    ]);
    expect(joined.every((reply) => reply.ok)).toBe(true);
    const seen = { yard: record(yard), first: record(first), second: record(second), run: record(run) };

    worker.server.emit("telemetry", { ticks: [tick(nodeIds[0]), tick(nodeIds[1])] });
    worker.server.emit("files", { hints: [hint(runId), hint(nodeIds[1])] });
    worker.server.emit("changed", { nodes: [nodeIds[1]], runs: [], attempts: [], evaluations: [] });
    worker.server.emit("changed", { nodes: [nodeIds[0]], runs: [runId], attempts: [], evaluations: [] });

    await vi.waitFor(() => {
      expect(seen.yard.ticks.sort()).toEqual([...nodeIds].sort());
      expect(seen.first.ticks).toEqual([nodeIds[0]]);
      expect(seen.second.ticks).toEqual([nodeIds[1]]);
      expect(seen.run.ticks).toEqual([nodeIds[0]]);
      expect(seen.run.runs).toEqual([runId]);
      expect(seen.yard.runs).toEqual([runId]);
      expect(seen.second.nodes).toEqual([nodeIds[1]]);
    }, 5_000);
    expect(seen.run.files).toEqual([runId]);
    expect([...seen.yard.files, ...seen.first.files, ...seen.second.files]).toEqual([]);
    expect(seen.second.runs).toEqual([]);
    expect(seen.first.nodes).toEqual([nodeIds[0]]);
  });

  it("fills a page on joining and tells the worker what is looked at", async () => {
    const worker = await startWorker((name) => ({
      ok: true,
      data: name === "watch" ? { ticks: [tick(nodeIds[0])] } : {},
    }));
    const client = await viewer();
    const reply = await enter(client, `node:${nodeIds[0]}`);
    expect(reply).toMatchObject({
      ok: true,
      ticks: [{ nodeId: nodeIds[0] }],
      link: { isWorkerConnected: true },
    });
    const watched = () => worker.asked.filter(({ name }) => name === "watch").at(-1)?.input;
    expect(watched()).toEqual({ rooms: [`node:${nodeIds[0]}`] });
    client.emit("leave", `node:${nodeIds[0]}`);
    await vi.waitFor(() => expect(watched()).toEqual({ rooms: [] }), 5_000);
  });

  it.each(["", "user:1", "node:../../etc", "run:00000000-0000-4000-8000-000000000000", "internal:behind"])(
    "knows no room %j",
    async (room) => {
      expect(await enter(await viewer(), room)).toMatchObject({ ok: false });
    },
  );

  it("tells pages when the worker comes and goes", async () => {
    const client = await viewer();
    const states: boolean[] = [];
    client.on("link", ({ isWorkerConnected }) => states.push(isWorkerConnected));
    await (await startWorker(quiet)).stop();
    await vi.waitFor(() => expect(states.slice(-2)).toEqual([true, false]), 5_000);
  });
});

describe("requests to the worker", () => {
  it("fail at once, and say why, while it is away", async () => {
    const asked = container().link.request("ping", {});
    await expect(asked).rejects.toMatchObject({
      code: "PRECONDITION",
      message: expect.stringContaining("worker"),
    });
  });

  it("carry the worker's refusal with its code and details", async () => {
    const hostKey = { algorithm: "ssh-ed25519", fingerprint: `SHA256:${"A".repeat(43)}`, blob: "AAAA" };
    await startWorker(() => ({
      ok: false,
      error: { code: "HOST_KEY_MISMATCH", message: "another key", details: { hostKey } },
    }));
    const asked = container().link.request("nodes.fetchHostKey", { host: "h", port: 22 });
    await expect(asked).rejects.toMatchObject({ code: "HOST_KEY_MISMATCH", details: { hostKey } });
  });

  it("end by their deadline, and when the worker dies meanwhile", async () => {
    const worker = await startWorker((name) => (name === "watch" ? { ok: true, data: { ticks: [] } } : null));
    const late = container().link.request("ping", {}, { deadlineMs: 50 });
    await expect(late).rejects.toMatchObject({ code: "TIMEOUT" });
    const cut = container().link.request("ping", {});
    const refused = expect(cut).rejects.toMatchObject({ code: "PRECONDITION" });
    await worker.stop();
    await refused;
  });
});

it("answers no upgrade outside the sockets' path", async () => {
  const client = connect(origin, {
    path: "/link",
    transports: ["websocket"],
    reconnection: false,
    extraHeaders: { origin, cookie },
  });
  clients.push(client);
  expect(await outcome(client)).not.toBe("connected");
});

function record(client: Client) {
  const seen = { ticks: [] as string[], files: [] as string[], runs: [] as string[], nodes: [] as string[] };
  client.on("telemetry", ({ ticks }) => seen.ticks.push(...ticks.map(({ nodeId }) => nodeId)));
  client.on("files", ({ hints }) => seen.files.push(...hints.map((one) => one.runId)));
  client.on("changed", (batch) => {
    seen.runs.push(...batch.runs);
    seen.nodes.push(...batch.nodes);
  });
  return seen;
}
