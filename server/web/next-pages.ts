import { Server } from "node:http";
import type { Duplex } from "node:stream";
import type { PageHandler, UpgradeHandler } from "./http-server";

export interface NextPages {
  handle: PageHandler;
  upgrade: UpgradeHandler | null;
  /** An open reload channel would keep the server from closing. */
  endUpgrades: () => void;
  close: () => Promise<void>;
}

/** Next as a library: pages and /api routes. `root` is the directory that holds app/ and .next/. */
export async function startNext(options: {
  root: string;
  isDevelopment: boolean;
  host: string;
  port: number;
}): Promise<NextPages> {
  const { root, isDevelopment, host, port } = options;
  // React chooses its production code by this variable when it is loaded, so it is set before Next is imported.
  Object.assign(process.env, {
    NODE_ENV: isDevelopment ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
  });
  const { default: next } = await import("next");
  // Next answers every upgrade of the server that it is given, so it is given one that gets only those that we pass on.
  const decoy = new Server();
  const app = next({ dev: isDevelopment, dir: root, hostname: host, port, httpServer: decoy });
  await (isDevelopment ? app.prepare() : withoutChatter(() => app.prepare()));
  const handle = app.getRequestHandler();
  const channels = new Set<Duplex>();
  const upgrade: UpgradeHandler = (request, socket, head) => {
    channels.add(socket);
    socket.once("close", () => channels.delete(socket));
    decoy.emit("upgrade", request, socket, head);
  };
  return {
    handle: (request, response) => handle(request, response),
    upgrade: isDevelopment ? upgrade : null,
    endUpgrades: () => {
      for (const socket of channels) socket.destroy();
    },
    close: () => app.close(),
  };
}

/** Next tells on stdout how long its configuration took; who starts a server wants to know where it is. */
async function withoutChatter(work: () => Promise<void>): Promise<void> {
  const { log } = console;
  console.log = () => {};
  try {
    await work();
  } finally {
    console.log = log;
  }
}
