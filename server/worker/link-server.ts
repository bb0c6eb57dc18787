import { timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createConnection } from "node:net";
import { dirname } from "node:path";
import { Server } from "socket.io";
import type { LinkReply, WebToWorkerEvents, WorkerToWebEvents } from "../contracts/link";
import { assertOwnDirectory } from "../link-directory";
import type { Logger } from "../log";

export interface LinkServer {
  broadcast: <N extends keyof WorkerToWebEvents>(
    name: N,
    ...payload: Parameters<WorkerToWebEvents[N]>
  ) => void;
  close: () => Promise<void>;
}

export interface LinkServerOptions {
  socketPath: string;
  secret: string;
  log: Logger;
  answer: (name: unknown, input: unknown, clientId: string) => Promise<LinkReply<unknown>>;
  onGone: (clientId: string) => void;
}

/** sun_path of unix(7), without its last NUL. */
const MAX_SOCKET_PATH_BYTES = 107;

/**
 * The worker's end of the internal link: Socket.IO on a Unix socket (0600) at path /link. Nobody without the shared
 * secret gets a connection, and a request that is not in LINK_REQUESTS gets NOT_FOUND.
 * @throws Error when another worker listens there
 */
export async function startLinkServer(options: LinkServerOptions): Promise<LinkServer> {
  const { socketPath, log } = options;
  // Whoever may open the socket may also ask whether we are alive: curl --unix-socket PATH http://worker/healthz
  const http = createServer(({ url }, response) => {
    if (url === "/healthz") response.writeHead(200).end('{"status":"alive"}\n');
    else response.writeHead(404).end();
  });
  const io = new Server<WebToWorkerEvents, WorkerToWebEvents>(http, {
    path: "/link",
    transports: ["websocket"],
    serveClient: false,
    maxHttpBufferSize: 256 * 1024,
  });
  io.use((socket, next) => {
    const { secret } = socket.handshake.auth;
    if (isSecret(secret, options.secret)) next();
    else next(new Error("not allowed"));
  });
  io.on("connection", (socket) => {
    log.info({ clientId: socket.id }, "a web process is connected");
    socket.on("request", (name, input, reply) => {
      if (typeof reply !== "function") return;
      void options.answer(name, input, socket.id).then(reply);
    });
    socket.on("disconnect", () => options.onGone(socket.id));
  });
  refuseLongPath(socketPath);
  mkdirSync(dirname(socketPath), { recursive: true, mode: 0o700 });
  assertOwnDirectory(dirname(socketPath));
  await removeStaleSocket(socketPath);
  http.listen(socketPath);
  await once(http, "listening");
  chmodSync(socketPath, 0o600);
  return {
    broadcast: (name, ...payload) => io.emit(name, ...payload),
    close: async () => {
      await io.close();
      rmSync(socketPath, { force: true });
    },
  };
}

function isSecret(given: unknown, expected: string): boolean {
  if (typeof given !== "string") return false;
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuseLongPath(socketPath: string): void {
  if (Buffer.byteLength(socketPath) <= MAX_SOCKET_PATH_BYTES) return;
  throw new Error(
    `The path of the link's socket is longer than ${MAX_SOCKET_PATH_BYTES} bytes: ${socketPath}. Set TRAINYARD_LINK_SOCKET to a shorter one.`,
  );
}

/** A worker that was killed leaves its socket file behind; one that answers there is alive. */
async function removeStaleSocket(socketPath: string): Promise<void> {
  const isAnswered = await new Promise<boolean>((resolve) => {
    const probe = createConnection({ path: socketPath });
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
  if (isAnswered) throw new Error(`Another worker already listens at ${socketPath}.`);
  rmSync(socketPath, { force: true });
}
