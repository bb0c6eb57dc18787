import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** A port that lets everybody in and never says a word, as a machine does whose sshd hangs. */
export interface SilentPort {
  port: number;
  /** Connections so far. */
  acceptedCount: () => number;
  stop: () => Promise<void>;
}

export async function startSilentPort(): Promise<SilentPort> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer((socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    socket.resume();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    // Safe because a TCP server that listens has an AddressInfo.
    port: (server.address() as AddressInfo).port,
    acceptedCount: () => accepted,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
