import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { isAlive } from "../../process-stat";
import { type Account, identity } from "./account";
import type { Cluster } from "./cluster";

export interface LaunchOptions {
  native: string;
  cluster: Cluster;
  account: Account | null;
  /** Tests only: no fsync. What was committed survives the death of the server, not that of the machine. */
  isThrowaway: boolean;
}

/** The children of a killed server end by themselves, but not at once. */
const LEFTOVERS_PATIENCE_MS = 20_000;
const LEFTOVERS = /shared memory block .* still in use|lock file .* already exists/;
const READY = "ready to accept connections";
/** SQLSTATE cannot_connect_now: starting up, recovering or shutting down. */
const CANNOT_CONNECT_NOW = "57P03";
const ANSWER_PATIENCE_MS = 10_000;
const RECOVERY_PATIENCE_MS = 300_000;
const WATCH_MS = 500;

/** Starts the server and waits until it takes connections. @throws Error with the end of its log */
export async function launch(options: LaunchOptions): Promise<ChildProcess> {
  const deadline = Date.now() + LEFTOVERS_PATIENCE_MS;
  for (;;) {
    const started = await launchOnce(options);
    if (typeof started !== "string") return started;
    if (!LEFTOVERS.test(started) || Date.now() > deadline)
      throw new Error(`PostgreSQL did not start.\n${started.trim()}`);
    await delay(200);
  }
}

/** The process, or what it said before it ended. */
function launchOnce({
  native,
  cluster,
  account,
  isThrowaway,
}: LaunchOptions): Promise<ChildProcess | string> {
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    `max_connections=${isThrowaway ? 200 : 100}`,
    "logging_collector=off",
    ...(isThrowaway ? ["fsync=off", "full_page_writes=off"] : []),
  ];
  const child = spawn(
    join(native, "bin", "postgres"),
    ["-D", cluster.dataDirectory, "-p", String(cluster.port), ...settings.flatMap((one) => ["-c", one])],
    // Its own session: Ctrl-C reaches the supervisor, which stops it last.
    { ...identity(account), cwd: "/", detached: true, stdio: ["ignore", "ignore", "pipe"] },
  );
  return new Promise((resolve, reject) => {
    let output = "";
    child.stderr.on("data", (bytes: Buffer) => {
      output = (output + bytes.toString()).slice(-4000);
      if (!output.includes(READY)) return;
      child.removeAllListeners("close");
      unrefPipe(child);
      resolve(child);
    });
    child.once("error", reject);
    child.once("close", () => resolve(output));
  });
}

/** Nobody reads the pipe's later output, but it has to be drained, and must not keep the process alive. */
function unrefPipe(child: ChildProcess): void {
  child.unref();
  child.stderr?.removeAllListeners("data");
  child.stderr?.resume();
  if (child.stderr && "unref" in child.stderr && typeof child.stderr.unref === "function")
    child.stderr.unref();
}

/** The server that an earlier process left on this cluster, once it takes connections. null: there is none. */
export async function findRunning(cluster: Cluster): Promise<number | null> {
  const pid = postmasterPid(cluster);
  if (pid === null) return null;
  const startedAt = Date.now();
  while (isAlive(pid)) {
    const answer = await connectionProblem(urlOf(cluster, "postgres"));
    if (answer === null) return pid;
    const patienceMs = answer === CANNOT_CONNECT_NOW ? RECOVERY_PATIENCE_MS : ANSWER_PATIENCE_MS;
    if (Date.now() - startedAt > patienceMs) return null;
    await delay(100);
  }
  return null;
}

function postmasterPid({ dataDirectory }: Cluster): number | null {
  const file = join(dataDirectory, "postmaster.pid");
  if (!existsSync(file)) return null;
  const [pid, directory] = readFileSync(file, "utf8").split("\n");
  return pid && directory === dataDirectory && isAlive(Number(pid)) ? Number(pid) : null;
}

/** null: it lets us in with our password; else the error's code. */
async function connectionProblem(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.end();
    return null;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "unknown";
  }
}

export const urlOf = ({ password, port }: Cluster, database: string) =>
  `postgresql://trainyard:${password}@127.0.0.1:${port}/${database}`;

/** Fast shutdown: open transactions roll back and the cluster is clean. Resolves when the server is gone. */
export async function stopServer(pid: number): Promise<void> {
  if (isAlive(pid)) process.kill(pid, "SIGINT");
  while (isAlive(pid)) await delay(50);
}

/** Resolves when the server has ended. Waiting for it keeps no process alive. */
export async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(WATCH_MS, undefined, { ref: false });
}
