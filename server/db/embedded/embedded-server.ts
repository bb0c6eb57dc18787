import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import pg from "pg";
import { z } from "zod";
import { type Account, canEnter, OPEN_DIRECTORY, reachableBinaries, serverAccount } from "./account";
import { findPostgres } from "./binaries";

const Settings = z.object({ port: z.number(), password: z.string(), dataDirectory: z.string() });
type Settings = z.infer<typeof Settings>;

export interface EmbeddedServer {
  url: string;
  /** An earlier process's server was taken over. */
  wasRunning: boolean;
  /** Fast shutdown; resolves when the server is gone. */
  stop: () => Promise<void>;
}

export interface EmbeddedOptions {
  /** Trainyard's data directory: holds postgres.json and, when the server's user can enter it, the cluster. */
  directory: string;
  database: string;
  /** Tests only: no fsync. */
  isThrowaway?: boolean;
  /** Where to go when `directory` is closed to the server's user. */
  openDirectory?: string;
}

/**
 * Starts PostgreSQL on a free loopback port, or takes over the one that an earlier, killed process left running.
 * @throws Error with the end of the server's log when it does not come up
 */
export async function startEmbeddedServer(options: EmbeddedOptions): Promise<EmbeddedServer> {
  mkdirSync(options.directory, { recursive: true });
  const account = serverAccount();
  const openDirectory = options.openDirectory ?? OPEN_DIRECTORY;
  const native = reachableBinaries(account, await findPostgres(), "18", openDirectory);
  const settings = await loadSettings(options, account, openDirectory);
  if (!existsSync(join(settings.dataDirectory, "PG_VERSION"))) initialise(native, settings, account);
  const url = `postgresql://trainyard:${settings.password}@127.0.0.1:${settings.port}/${options.database}`;
  let child: ChildProcess | null = null;
  const runningPid = await adoptablePid(settings);
  if (runningPid === null) child = await launch(native, settings, account, options.isThrowaway ?? false);
  await ensureDatabase(url, options.database);
  return { url, wasRunning: runningPid !== null, stop: () => stop(child, settings) };
}

async function loadSettings(
  options: EmbeddedOptions,
  account: Account | null,
  openDirectory: string,
): Promise<Settings> {
  const file = join(options.directory, "postgres.json");
  if (existsSync(file)) {
    const saved = Settings.parse(JSON.parse(readFileSync(file, "utf8")));
    if ((await adoptablePid(saved)) === null && !(await isPortFree(saved.port))) {
      saved.port = await freePort();
      writeFileSync(file, JSON.stringify(saved), { mode: 0o600 });
    }
    return saved;
  }
  const inside = join(options.directory, "postgres");
  const name = `${basename(options.directory)}-${createHash("sha256").update(options.directory).digest("hex").slice(0, 12)}`;
  const dataDirectory = canEnter(account, options.directory) ? inside : join(openDirectory, name, "postgres");
  const settings = { port: await freePort(), password: randomBytes(24).toString("base64url"), dataDirectory };
  writeFileSync(file, JSON.stringify(settings), { mode: 0o600 });
  return settings;
}

function initialise(native: string, settings: Settings, account: Account | null): void {
  rmSync(settings.dataDirectory, { recursive: true, force: true });
  mkdirSync(settings.dataDirectory, { recursive: true, mode: 0o755 });
  chmodSync(settings.dataDirectory, 0o700);
  if (account) chownSync(settings.dataDirectory, account.uid, account.gid);
  const passwordFile = join(tmpdir(), `trainyard-${randomBytes(8).toString("hex")}`);
  writeFileSync(passwordFile, `${settings.password}\n`, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  const result = spawnSync(
    join(native, "bin", "initdb"),
    [
      `--pgdata=${settings.dataDirectory}`,
      "--auth=scram-sha-256",
      "--username=trainyard",
      `--pwfile=${passwordFile}`,
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
      "--no-instructions",
    ],
    { ...identity(account), cwd: "/", encoding: "utf8" },
  );
  rmSync(passwordFile, { force: true });
  if (result.status !== 0) {
    rmSync(settings.dataDirectory, { recursive: true, force: true });
    throw new Error(`initdb failed: ${result.error?.message ?? result.stderr}`);
  }
}

function launch(
  native: string,
  settings: Settings,
  account: Account | null,
  isThrowaway: boolean,
): Promise<ChildProcess> {
  const flags = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=100",
    "logging_collector=off",
  ];
  if (isThrowaway)
    flags.push("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200");
  const child = spawn(
    join(native, "bin", "postgres"),
    ["-D", settings.dataDirectory, "-p", String(settings.port), ...flags.flatMap((flag) => ["-c", flag])],
    // Its own session: Ctrl-C reaches the supervisor, which stops it last.
    { ...identity(account), cwd: "/", detached: true, stdio: ["ignore", "ignore", "pipe"] },
  );
  return new Promise((resolve, reject) => {
    let output = "";
    child.stderr?.on("data", (bytes: Buffer) => {
      output = (output + bytes.toString()).slice(-4000);
      if (output.includes("ready to accept connections")) {
        child.removeAllListeners("exit");
        unrefPipe(child);
        resolve(child);
      }
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`PostgreSQL ended at once (${code}).\n${output}`)));
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

const identity = (account: Account | null) => (account ? { uid: account.uid, gid: account.gid } : {});

function postmasterPid(settings: Settings): number | null {
  const file = join(settings.dataDirectory, "postmaster.pid");
  if (!existsSync(file)) return null;
  const [pid, directory] = readFileSync(file, "utf8").split("\n");
  return pid && directory === settings.dataDirectory && isAlive(Number(pid)) ? Number(pid) : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The pid of our own server if it still runs and lets us in with our password. */
async function adoptablePid(settings: Settings): Promise<number | null> {
  const pid = postmasterPid(settings);
  if (pid === null) return null;
  const url = `postgresql://trainyard:${settings.password}@127.0.0.1:${settings.port}/postgres`;
  for (let attempt = 0; attempt < 40 && isAlive(pid); attempt++) {
    if (await canConnect(url)) return pid;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return null;
}

async function canConnect(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    // Not up yet, shutting down, or somebody else's server: all mean "not ours to use now".
    return false;
  }
}

async function ensureDatabase(url: string, database: string): Promise<void> {
  const admin = new URL(url);
  admin.pathname = "/postgres";
  const client = new pg.Client({ connectionString: admin.href });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

async function stop(child: ChildProcess | null, settings: Settings): Promise<void> {
  const pid = postmasterPid(settings) ?? child?.pid ?? null;
  if (pid === null) return;
  // SIGINT is PostgreSQL's fast shutdown: open transactions roll back, the cluster is clean.
  if (isAlive(pid)) process.kill(pid, "SIGINT");
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 50));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
