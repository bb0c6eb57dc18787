import type { Server as HttpServer, IncomingMessage } from "node:http";
import { Server } from "socket.io";
import type { RequestActor } from "../container";
import type { JoinReply } from "../contracts/sockets";
import { Room } from "../contracts/sockets";
import type { Database } from "../db";
import { publicError } from "../errors";
import type { Logger } from "../log";
import { headersOf } from "./headers-of";
import type { LiveHub } from "./live-hub";
import type { LiveServer, LiveSocket } from "./outbox";
import { scopeOfRoom } from "./scope-of-room";

const MAX_SOCKETS_PER_USER = 50;
const MAX_ROOMS_PER_SOCKET = 20;
const RECHECK_EVERY_MS = 30_000;

/** Only WebSocket, no compression (it costs five times the processor), nothing large from clients. */
export function createSocketServer(origin: string, actorOf: ActorOf): LiveServer {
  const io: LiveServer = new Server({
    path: "/socket.io/",
    serveClient: false,
    transports: ["websocket"],
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: 65_536,
    pingInterval: 20_000,
    pingTimeout: 20_000,
    allowRequest: (request, reply) => {
      admit(request, { origin, actorOf }).then(
        (problem) => reply(problem, problem === null),
        () => reply("the session could not be checked", false),
      );
    },
  });
  return io;
}

type ActorOf = (headers: Headers) => Promise<RequestActor | null>;
const actors = new WeakMap<IncomingMessage, RequestActor>();

/** A browser must come from our own page with a session; a program without Origin needs a token. null: welcome. */
async function admit(
  request: IncomingMessage,
  parts: { origin: string; actorOf: ActorOf },
): Promise<string | null> {
  const found = await parts.actorOf(headersOf(request));
  if (found === null || found.mustChangePassword) return "sign in first";
  const from = request.headers.origin;
  const isAllowed =
    found.via === "token" ? from === undefined || from === parts.origin : from === parts.origin;
  if (!isAllowed) return "the origin is not this dashboard's";
  actors.set(request, found);
  return null;
}

export interface SocketParts {
  io: LiveServer;
  hub: LiveHub;
  db: Database;
  log: Logger;
  actorOf: ActorOf;
  /** Tells the worker which rooms somebody looks at; resolves when their first readings are here. */
  watch: () => Promise<void>;
}

/** Joins and leaves, and the end of sessions. Returns how to stop it. */
export function serveSockets(parts: SocketParts): {
  attach: (server: HttpServer) => void;
  stop: () => void;
} {
  const { io, hub, log } = parts;
  io.use((socket, next) => {
    const user = actors.get(socket.request)?.actor.id;
    if (user === undefined) return next(new Error("sign in first"));
    if ((io.sockets.adapter.rooms.get(`user:${user}`)?.size ?? 0) >= MAX_SOCKETS_PER_USER) {
      return next(new Error("too many open pages"));
    }
    socket.join(`user:${user}`);
    next();
  });
  io.on("connection", (socket) => {
    socket.emit("link", hub.state());
    socket.on("error", (error) => log.warn({ err: error }, "a socket failed"));
    socket.on("join", (room, reply) => {
      if (typeof reply !== "function") return;
      join(parts, socket, room).then(reply, (error: unknown) =>
        reply({ ok: false, message: publicError(error).message }),
      );
    });
    socket.on("leave", (room) => {
      if (Room.safeParse(room).success) socket.leave(room);
    });
  });
  io.sockets.adapter.on("delete-room", (room: string) => {
    if (!hub.rooms().includes(room)) return;
    hub.closeRoom(room);
    void parts.watch();
  });
  const recheck = setInterval(() => void recheckAll(parts), RECHECK_EVERY_MS);
  return {
    attach: (server) => io.attach(server, { destroyUpgrade: false }),
    stop: () => {
      clearInterval(recheck);
      // Not disconnectSockets: a client that is told goodbye does not come back after a restart.
      io.engine.close();
    },
  };
}

async function join(parts: SocketParts, socket: LiveSocket, asked: unknown): Promise<JoinReply> {
  const { hub, db } = parts;
  const parsed = Room.safeParse(asked);
  if (!parsed.success) return { ok: false, message: "There is no such room." };
  const room = parsed.data;
  if (!socket.rooms.has(room) && socket.rooms.size >= MAX_ROOMS_PER_SOCKET) {
    return { ok: false, message: "Too many rooms on one connection." };
  }
  const scope = await scopeOfRoom(db, room);
  if (!socket.connected) return { ok: false, message: "The connection is gone." };
  const isNew = !hub.rooms().includes(room);
  hub.openRoom(room, scope);
  await socket.join(room);
  if (isNew) await parts.watch();
  return { ok: true, ticks: hub.ticksFor(scope), link: hub.state() };
}

/** Sessions end elsewhere too: by time, by another web process, by a revoked token. */
async function recheckAll({ io, actorOf, log }: SocketParts): Promise<void> {
  for (const socket of io.sockets.sockets.values()) {
    const found = await actorOf(headersOf(socket.request)).catch((error: unknown) => {
      log.warn({ err: error }, "a session could not be checked");
      return "unknown" as const;
    });
    if (found === null) socket.conn.close();
  }
}

/** The client connects again by itself, and is let in only if it still has a session. */
export function closeSocketsOf(io: LiveServer, userId: string): void {
  for (const id of io.sockets.adapter.rooms.get(`user:${userId}`) ?? [])
    io.sockets.sockets.get(id)?.conn.close();
}
