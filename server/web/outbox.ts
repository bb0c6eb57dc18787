import type { Server, Socket } from "socket.io";
import type {
  ChangeBatch,
  ClientToServerEvents,
  FileHint,
  LinkState,
  ServerToClientEvents,
} from "../contracts/sockets";
import type { TelemetryTick } from "../contracts/telemetry";
import { backlogBytes, MAX_BACKLOG_BYTES } from "./backlog";
import { type Missed, missChanges, missHints, nothingMissed } from "./missed";

export type LiveServer = Server<ClientToServerEvents, ServerToClientEvents>;
export type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents>;

const BEHIND = "internal:behind";
const CATCH_UP_EVERY_MS = 250;

export interface Outbox {
  ticks: (room: string, ticks: TelemetryTick[]) => void;
  changed: (room: string, batch: ChangeBatch) => void;
  files: (room: string, hints: FileHint[]) => void;
  link: (state: LinkState) => void;
  stop: () => void;
}

/**
 * Sends to rooms. Telemetry is volatile: a client that is not ready misses that second. State and hints are never lost:
 * for a client with more than 1 MiB unread they are merged and sent when it has caught up.
 */
export function createOutbox(io: LiveServer): Outbox {
  const missedBy = new Map<string, Missed>();

  /** Marks the clients of a room that are behind, and returns what each of them misses. */
  const behindIn = (room: string): Missed[] =>
    socketsIn(io, room).flatMap((socket) => {
      const known = missedBy.get(socket.id);
      if (known !== undefined) return [known];
      if (backlogBytes(socket) <= MAX_BACKLOG_BYTES) return [];
      const missed = nothingMissed();
      missedBy.set(socket.id, missed);
      socket.join(BEHIND);
      return [missed];
    });

  const catchUp = () => {
    for (const [id, missed] of missedBy) {
      const socket = io.sockets.sockets.get(id);
      if (socket !== undefined && backlogBytes(socket) > MAX_BACKLOG_BYTES / 2) continue;
      missedBy.delete(id);
      if (socket !== undefined) deliver(socket, missed);
    }
  };
  const timer = setInterval(catchUp, CATCH_UP_EVERY_MS);

  return {
    ticks: (room, ticks) => {
      io.to(room).except(BEHIND).volatile.emit("telemetry", { ticks, sentAt: Date.now() });
    },
    changed: (room, batch) => {
      for (const missed of behindIn(room)) missChanges(missed, batch);
      io.to(room).except(BEHIND).emit("changed", batch);
    },
    files: (room, hints) => {
      for (const missed of behindIn(room)) missHints(missed, hints);
      io.to(room).except(BEHIND).emit("files", { hints });
    },
    link: (state) => {
      io.emit("link", state);
    },
    stop: () => clearInterval(timer),
  };
}

function deliver(socket: LiveSocket, missed: Missed): void {
  socket.leave(BEHIND);
  if (missed.changes !== null) socket.emit("changed", missed.changes);
  if (missed.hints.size > 0) socket.emit("files", { hints: [...missed.hints.values()] });
}

function socketsIn(io: LiveServer, room: string): LiveSocket[] {
  const ids = io.sockets.adapter.rooms.get(room) ?? new Set<string>();
  return [...ids].flatMap((id) => io.sockets.sockets.get(id) ?? []);
}
