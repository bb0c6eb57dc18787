import type { Socket } from "socket.io";

/** Past this a client gets no more messages until it has caught up; what it misses is merged. */
export const MAX_BACKLOG_BYTES = 1_048_576;

interface EngineConnection {
  writeBuffer?: { data?: { length?: number } }[];
  transport?: { socket?: { bufferedAmount?: number } };
}

/** Bytes that a client has not taken yet: packets that wait in engine.io and what the WebSocket holds for the kernel. */
export function backlogBytes(socket: Pick<Socket, "conn">): number {
  // Safe because every field is optional: another shape of engine.io reads as no backlog.
  const connection = socket.conn as unknown as EngineConnection;
  const waiting = connection.writeBuffer?.reduce((sum, packet) => sum + (packet.data?.length ?? 0), 0) ?? 0;
  return waiting + (connection.transport?.socket?.bufferedAmount ?? 0);
}
