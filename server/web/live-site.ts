import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server } from "socket.io";
import { io as connect, type Socket } from "socket.io-client";
import { expect, vi } from "vitest";
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
import { type Env, readEnv } from "../env";
import { linkSecret } from "../link-secret";
import { createTestDatabase, testContext } from "../testing/database";
import { closeHttpServer, createHttpServer, listen } from "./http-server";
import { createOperations } from "./operations";
import { startLive } from "./start-live";

export type Client = Socket<ServerToClientEvents, ClientToServerEvents>;
/** null: never answers. */
type Answer = (name: string, input: unknown) => LinkReply<unknown> | null;

/** A database and a data directory that others use too, and that stay when the site stops. */
export interface SharedPlaces {
  db: Database;
  dataDirectory: string;
}

/** For tests: the web process without pages, with an admin, two nodes and a run; alone, or beside real workers. */
export async function startSite(shared?: SharedPlaces) {
  const directory = shared?.dataDirectory ?? mkdtempSync(join(tmpdir(), "trainyard-live-"));
  const env = readEnv({ NODE_ENV: "test", TRAINYARD_DATA_DIR: directory, PORT: "0" });
  const db = shared?.db ?? (await createTestDatabase());
  const ctx = testContext(db);
  const admin = await createFirstAdmin({ ctx });
  if (admin === null) throw new Error("a new database has no users");
  let origin = "";
  let live: ReturnType<typeof startLive> | null = null;
  const web = createHttpServer({
    operations: createOperations({
      db,
      log: ctx.log,
      root: process.cwd(),
      origin: () => origin,
      live: () => live?.operated ?? null,
      hasPages: () => true,
    }),
    security: () => ({ origin, isDevelopment: false }),
    pages: () => null,
    otherUpgrades: () => null,
  });
  origin = `http://127.0.0.1:${await listen(web, { host: "127.0.0.1", port: 0 })}`;
  const started = startLive({ env, log: ctx.log, version: "test", origin, db, server: web });
  live = started;
  await db.prisma.user.updateMany({ data: { mustChangePassword: false } });
  const { token } = await createToken({ ctx, input: { name: "test", expiresInDays: null } });
  const nodeIds = [await addNode(db, "one"), await addNode(db, "two")] as const;
  const clients: Client[] = [];
  const workers = new Set<() => Promise<void>>();

  const open = (headers: Record<string, string>, path = "/socket.io/"): Client => {
    const transports = ["websocket"];
    const client: Client = connect(origin, {
      path,
      transports,
      extraHeaders: headers,
      reconnection: false,
      forceNew: true,
    });
    clients.push(client);
    return client;
  };
  const cookie = await signIn(origin, admin);

  return {
    db,
    ctx,
    origin,
    token,
    cookie,
    nodeIds,
    runId: await addRun(db, nodeIds[0]),
    open,
    /** A page of the signed-in admin, connected. */
    viewer: async (): Promise<Client> => {
      const client = open({ origin, cookie });
      expect(await outcome(client)).toBe("connected");
      return client;
    },
    startWorker: (answer: Answer = quiet) => startWorker(env, answer, workers),
    /** After each test. */
    tidy: async () => {
      for (const client of clients.splice(0)) client.close();
      for (const stop of workers) await stop();
    },
    stop: async () => {
      await started.stop();
      await closeHttpServer(web);
      if (shared !== undefined) return;
      await db.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
export type Site = Awaited<ReturnType<typeof startSite>>;

const quiet: Answer = (name) => ({ ok: true, data: name === "watch" ? { ticks: [] } : {} });

/** The worker's end of the link, speaking the real protocol on the real socket. */
async function startWorker(env: Env, answer: Answer, running: Set<() => Promise<void>>) {
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
    running.delete(stop);
    await server.close();
    await vi.waitFor(() => expect(container().state().isWorkerConnected).toBe(false), 5_000);
  };
  running.add(stop);
  return { server, asked, stop };
}

async function addNode(db: Database, name: string): Promise<string> {
  const data = { name, host: name, username: "u", authMethod: "password" };
  return (await db.prisma.node.create({ data })).id;
}

async function addRun(db: Database, nodeId: string): Promise<string> {
  const data = { name: "r", recipe: "deepspeed-chat", parameters: {}, nodeId, createdBy: "t" };
  return (await db.prisma.run.create({ data: { ...data, idempotencyKey: "key-1" } })).id;
}

async function signIn(origin: string, admin: { email: string; password: string }): Promise<string> {
  const body = JSON.stringify(admin);
  const headers = { "content-type": "application/json", "content-length": String(body.length), origin };
  const request = new Request(`${origin}/api/auth/sign-in/email`, { method: "POST", headers, body });
  const response = await container().handleAuth(request);
  expect(response.status).toBe(200);
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

/** Connected, or why not. */
export function outcome(client: Client): Promise<string> {
  return new Promise((resolve) => {
    client.once("connect", () => resolve("connected"));
    client.once("connect_error", (error) => resolve(error.message));
  });
}

export function enter(client: Client, room: string): Promise<JoinReply> {
  return new Promise((resolve) => client.emit("join", room as Room, resolve));
}

export function tickOf(nodeId: string): TelemetryTick {
  return { nodeId, at: Date.now(), gpuUuids: [], values: [], host: null, processes: null };
}

export function hintOf(runId: string): FileHint {
  return {
    runId,
    attemptId: runId,
    fileId: runId,
    path: "training.log",
    kind: "log",
    generation: 0,
    offset: 100,
    isComplete: false,
    scalarCount: 3,
    tail: null,
  };
}
