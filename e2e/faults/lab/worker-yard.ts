import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AddedNode,
  type AttemptNode,
  addNode,
  startAttemptNode,
} from "../../../server/testing/attempt-node";
import { createFakeNvidiaSmi } from "../../../server/testing/fake-nvidia-smi";
import { startTcpProxy, type TcpProxy } from "../../../server/testing/tcp-proxy";
import { buildWorker, type WorkerProcess } from "../../../server/testing/worker-process";
import { toSecret } from "../../../server/worker/ssh";
import { loadKeyRing, Vault } from "../../../server/worker/vault";
import { urlOfWorker } from "./watch-writes";

export interface YardWorker extends WorkerProcess {
  /** Its way to Postgres, and nobody else's. */
  database: TcpProxy;
}

/** Nodes on real sshds, and worker processes of their own that share a database and a key ring. */
export interface WorkerYard {
  node: AttemptNode;
  /** The first is `node`. */
  nodes: readonly [AddedNode, ...AddedNode[]];
  /** For programs and nodes that share the node's credential. */
  vault: Vault;
  /** A worker with a data directory of this name. Resolves when it is ready. */
  start: (name: string) => Promise<YardWorker>;
  dataDirectory: (name: string) => string;
  /** kill -9, and gone. */
  kill: (worker: YardWorker) => Promise<void>;
  /** The process that holds a node's lease now, `node`'s if none is named; null: none of ours, or nobody. */
  holder: (nodeId?: string) => Promise<YardWorker | null>;
  stop: () => Promise<void>;
}

/**
 * @param gpuCount of each node, at most 10
 * @param roundTripMs of the link between the workers and a node
 */
export async function startWorkerYard({
  gpuCount = 1,
  roundTripMs = 0,
  nodeCount = 1,
} = {}): Promise<WorkerYard> {
  const directory = mkdtempSync(join(tmpdir(), "trainyard-yard-"));
  chmodSync(directory, 0o755);
  const smi = createFakeNvidiaSmi(directory, "good", Math.max(2, gpuCount));
  const config = [`SetEnv PATH=${smi.directory}:/usr/local/bin:/usr/bin:/bin`];
  const ofNode = { config, gpuCount, roundTripMs };
  const [node, program] = await Promise.all([startAttemptNode(ofNode), buildWorker()]);
  const { db } = node;
  const others: AddedNode[] = [];
  while (others.length < nodeCount - 1) others.push(await addNode(db, ofNode));
  const nodes = [node, ...others] as const;
  const keyFile = join(directory, "keys", "ring.json");
  const vault = new Vault(db.pool, loadKeyRing(keyFile));
  for (const each of nodes) {
    await pinKey(db, each);
    await vault.store(each.nodeId, toSecret({ method: "private_key", privateKey: each.sshd.privateKey }));
  }
  const running = new Set<YardWorker>();
  const kill = async (worker: YardWorker) => {
    running.delete(worker);
    worker.signal("SIGKILL");
    await worker.ended;
    await worker.database.stop();
  };
  const dataDirectory = (name: string) => join(directory, name);
  return {
    node,
    nodes,
    vault,
    dataDirectory,
    start: async (name) => {
      const { hostname, port } = new URL(db.url);
      const database = await startTcpProxy({ host: hostname, port: Number(port) });
      const databaseUrl = urlOfWorker(db.url, { name, port: database.port });
      const started = await program.start({ databaseUrl, dataDirectory: dataDirectory(name), keyFile });
      const worker = { ...started, database };
      running.add(worker);
      return worker;
    },
    kill,
    holder: async (nodeId = node.nodeId) => {
      const { rows } = await db.pool.query<{ owner: string }>(
        "SELECT owner FROM node_lease WHERE node_id = $1 AND until > clock_timestamp()",
        [nodeId],
      );
      const pid = Number(rows[0]?.owner.split("/")[2]);
      return [...running].find((worker) => worker.pid === pid) ?? null;
    },
    stop: async () => {
      for (const worker of running) await kill(worker);
      program.remove();
      for (const { proxy, sshd } of others) {
        await proxy.stop();
        await sshd.stop();
      }
      await node.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function pinKey(db: AttemptNode["db"], { nodeId, sshd }: AddedNode): Promise<void> {
  const { algorithm, fingerprint, blob } = sshd.hostKey();
  const hostKey = {
    hostKeyAlgorithm: algorithm,
    hostKeyFingerprint: fingerprint,
    hostKeyBlob: Buffer.from(blob, "base64"),
  };
  await db.prisma.node.update({ where: { id: nodeId }, data: hostKey });
}
