import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createToken } from "../../../server/auth";
import { type Context, SYSTEM_ACTOR } from "../../../server/context";
import { type Database, openDatabase } from "../../../server/db";
import { startEmbeddedServer } from "../../../server/db/embedded/embedded-server";
import { readEnv } from "../../../server/env";
import { freePort } from "../../../server/free-port";
import { testContext } from "../../../server/testing/database";
import { createFakeNvidiaSmi } from "../../../server/testing/fake-nvidia-smi";
import { waitUntil } from "../../../server/testing/processes";
import { startSshd, type TestSshd } from "../../../server/testing/sshd";
import { loadKeyRing, Vault } from "../../../server/worker/vault";
import { type Launched, launchProduct } from "../../fixtures/launch-product";
import { addNode } from "./add-node";
import { startSilentPort } from "./silent-port";

/** The whole product as `npm start` runs it, with a node that trains and one that lets in and never answers. */
export interface ProductYard {
  origin: string;
  nodeId: string;
  /** Of the node that trains. */
  sshd: TestSshd;
  /** As the yard started it. */
  launched: Launched;
  /** Of an administrator. */
  token: string;
  /** The product's own database: only while it runs. */
  withDatabase: <T>(work: (db: Database) => Promise<T>) => Promise<T>;
  /** Resolves when it serves, on the same data and port each time. */
  start: () => Promise<Launched>;
  /** Processes of the running product by name, the supervisor and PostgreSQL among them. */
  processes: () => Record<string, number>;
  /** Resolves when a login at the node that never answers has just begun. */
  hangingLogin: () => Promise<void>;
  /** The structured log of all starts, one JSON document a line. */
  log: () => string;
  stop: () => Promise<void>;
}

export async function startProductYard(): Promise<ProductYard> {
  const directory = mkdtempSync(join(tmpdir(), "trainyard-product-"));
  // Open to PostgreSQL's user, or root's database would go to /var/lib.
  chmodSync(directory, 0o711);
  const dataDirectory = join(directory, "data");
  const logFile = join(directory, "server.log");
  const port = await freePort();
  const all: Launched[] = [];
  const start = async () => {
    const settings = { PORT: String(port), TRAINYARD_DATA_DIR: dataDirectory };
    const launched = launchProduct({ settings, logFile });
    all.push(launched);
    await launched.ready;
    return launched;
  };
  const withDatabase = async <T>(work: (db: Database) => Promise<T>) => {
    // Finds the one that the product runs.
    const { url } = await startEmbeddedServer({ directory: dataDirectory, database: "trainyard" });
    const db = openDatabase(url, { maxConnections: 2 });
    try {
      return await work(db);
    } finally {
      await db.close();
    }
  };
  const home = join(directory, "home");
  mkdirSync(home);
  const smi = createFakeNvidiaSmi(directory, "good");
  const sshd = await startSshd({
    asSelf: true,
    config: [`SetEnv HOME=${home} PATH=${smi.directory}:/usr/local/bin:/usr/bin:/bin`],
  });
  const silent = await startSilentPort();
  const launched = await start();
  const { keyFile } = readEnv({ TRAINYARD_DATA_DIR: dataDirectory });
  const { nodeId, token } = await withDatabase(async (db) => {
    const vault = new Vault(db.pool, loadKeyRing(keyFile));
    const node = { db, vault, sshd, home };
    await addNode({ ...node, name: "silent", port: silent.port });
    return { nodeId: await addNode({ ...node, name: "trains" }), token: await tokenOf(testContext(db)) };
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    nodeId,
    sshd,
    launched,
    token,
    withDatabase,
    start,
    processes: () => processesOf(dataDirectory),
    hangingLogin: async () => {
      const before = silent.acceptedCount();
      await waitUntil(() => silent.acceptedCount() > before, "a login that hangs", 60_000);
    },
    log: () => readFileSync(logFile, "utf8"),
    stop: async () => {
      for (const one of all) if (one.process.exitCode === null) await one.end("SIGTERM");
      await silent.stop();
      await sshd.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function tokenOf(ctx: Context): Promise<string> {
  const admin = await ctx.db.prisma.user.findFirstOrThrow({ where: { role: "admin" } });
  const actor = { ...SYSTEM_ACTOR, id: admin.id, name: admin.email };
  return (await createToken({ ctx: { ...ctx, actor }, input: { name: "lab", expiresInDays: null } })).token;
}

function processesOf(dataDirectory: string): Record<string, number> {
  const registry: { supervisor: { pid: number }; children: Record<string, { pid: number }> } = JSON.parse(
    readFileSync(join(dataDirectory, "run", "processes.json"), "utf8"),
  );
  const [postgres] = readFileSync(join(dataDirectory, "postgres", "postmaster.pid"), "utf8").split("\n");
  const all = Object.entries({ supervisor: registry.supervisor, ...registry.children });
  return { ...Object.fromEntries(all.map(([name, { pid }]) => [name, pid])), postgres: Number(postgres) };
}
