import { timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createConnection } from "node:net";
import { dirname, extname } from "node:path";
import { Server } from "socket.io";
import type { LinkReply, WebToWorkerEvents, WorkerToWebEvents } from "../contracts/link";
import { assertOwnDirectory } from "../link-directory";
import { serverLinkTls } from "../link-tls";
import type { Logger } from "../log";
import type { WorkerPlace } from "../nodes";

export interface LinkServer {
  /** Where web processes find it. */
  place: WorkerPlace;
  broadcast: <N extends keyof WorkerToWebEvents>(
    name: N,
    ...payload: Parameters<WorkerToWebEvents[N]>
  ) => void;
  close: () => Promise<void>;
}

export interface LinkServerOptions {
  /** On one machine. The second worker there takes the same name with "-2" before its ending, and so on. */
  socketPath: string;
  /** For web processes of other machines, in place of the socket; port 0 lets the system choose. null: none. */
  listen: { host: string; port: number } | null;
  secret: string;
  log: Logger;
  answer: (name: unknown, input: unknown, clientId: string) => Promise<LinkReply<unknown>>;
  onGone: (clientId: string) => void;
}

/** sun_path of unix(7), without its last NUL. */
const MAX_SOCKET_PATH_BYTES = 107;
const MAX_WORKERS_PER_DIRECTORY = 32;

/**
 * The worker's end of the internal link: Socket.IO at path /link, on a Unix socket (0600), or on TCP under TLS with a key
 * made of the shared secret. Nobody without the secret gets a connection, and a request that is not in LINK_REQUESTS gets
 * NOT_FOUND.
 * @throws Error when it cannot listen
 */
export async function startLinkServer(options: LinkServerOptions): Promise<LinkServer> {
  const { log, listen } = options;
  // Whoever may open the socket may also ask whether we are alive: curl --unix-socket PATH http://worker/healthz
  const answer: Parameters<typeof createServer>[1] = ({ url }, response) => {
    if (url === "/healthz") response.writeHead(200).end('{"status":"alive"}\n');
    else response.writeHead(404).end();
  };
  const http =
    listen === null ? createServer(answer) : createTlsServer({ ...serverLinkTls(options.secret) }, answer);
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
  const place =
    listen === null ? await listenOnSocket(http, options.socketPath) : await listenOnPort(http, listen);
  return {
    place,
    broadcast: (name, ...payload) => io.emit(name, ...payload),
    close: async () => {
      await io.close();
      if ("socketPath" in place) rmSync(place.socketPath, { force: true });
    },
  };
}

async function listenOnPort(
  http: HttpServer,
  { host, port }: { host: string; port: number },
): Promise<WorkerPlace> {
  http.listen(port, host);
  await once(http, "listening");
  // Safe because it listens on TCP.
  const taken = (http.address() as AddressInfo).port;
  return { address: `${host.includes(":") ? `[${host}]` : host}:${taken}` };
}

async function listenOnSocket(http: HttpServer, wanted: string): Promise<WorkerPlace> {
  refuseLongPath(wanted);
  mkdirSync(dirname(wanted), { recursive: true, mode: 0o700 });
  assertOwnDirectory(dirname(wanted));
  const socketPath = await freeSocket(wanted);
  refuseLongPath(socketPath);
  http.listen(socketPath);
  await once(http, "listening");
  chmodSync(socketPath, 0o600);
  return { socketPath };
}

/** The first of the names at which no living worker listens. */
async function freeSocket(wanted: string): Promise<string> {
  const ending = extname(wanted);
  const stem = wanted.slice(0, wanted.length - ending.length);
  for (let n = 1; n <= MAX_WORKERS_PER_DIRECTORY; n++) {
    const path = n === 1 ? wanted : `${stem}-${n}${ending}`;
    if (await removeStaleSocket(path)) return path;
  }
  throw new Error(`${MAX_WORKERS_PER_DIRECTORY} workers already listen beside ${wanted}.`);
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

/** A worker that was killed leaves its socket file behind; one that answers there is alive. False: it is. */
async function removeStaleSocket(socketPath: string): Promise<boolean> {
  const isAnswered = await new Promise<boolean>((resolve) => {
    const probe = createConnection({ path: socketPath });
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
  if (!isAnswered) rmSync(socketPath, { force: true });
  return !isAnswered;
}
