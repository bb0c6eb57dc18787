import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AttemptNode, startAttemptNode } from "../../../server/testing/attempt-node";
import { createFakeNvidiaSmi } from "../../../server/testing/fake-nvidia-smi";
import { buildWorker, type WorkerProcess } from "../../../server/testing/worker-process";
import { toSecret } from "../../../server/worker/ssh";
import { loadKeyRing, Vault } from "../../../server/worker/vault";
import { urlOfWorker } from "./watch-writes";

/** A node on a real sshd, and worker processes of their own that share a database and a key ring. */
export interface WorkerYard {
  node: AttemptNode;
  /** For programs and nodes that share the node's credential. */
  vault: Vault;
  /** A worker with a data directory of this name. Resolves when it is ready. */
  start: (name: string) => Promise<WorkerProcess>;
  dataDirectory: (name: string) => string;
  /** kill -9, and gone. */
  kill: (worker: WorkerProcess) => Promise<void>;
  /** The process that holds the node's lease now; null: none of ours, or nobody. */
  holder: () => Promise<WorkerProcess | null>;
  stop: () => Promise<void>;
}

export async function startWorkerYard({ gpuCount = 1 } = {}): Promise<WorkerYard> {
  const directory = mkdtempSync(join(tmpdir(), "trainyard-yard-"));
  chmodSync(directory, 0o755);
  const smi = createFakeNvidiaSmi(directory, "good");
  const config = [`SetEnv PATH=${smi.directory}:/usr/local/bin:/usr/bin:/bin`];
  const [node, program] = await Promise.all([startAttemptNode({ config, gpuCount }), buildWorker()]);
  const keyFile = join(directory, "keys", "ring.json");
  const vault = new Vault(node.db.pool, loadKeyRing(keyFile));
  await pinKey(node);
  const credential = toSecret({ method: "private_key", privateKey: node.sshd.privateKey });
  await vault.store(node.nodeId, credential);
  const running = new Set<WorkerProcess>();
  const kill = async (worker: WorkerProcess) => {
    running.delete(worker);
    worker.signal("SIGKILL");
    await worker.ended;
  };
  const dataDirectory = (name: string) => join(directory, name);
  return {
    node,
    vault,
    dataDirectory,
    start: async (name) => {
      const databaseUrl = urlOfWorker(node.db.url, name);
      const worker = await program.start({ databaseUrl, dataDirectory: dataDirectory(name), keyFile });
      running.add(worker);
      return worker;
    },
    kill,
    holder: async () => {
      const { rows } = await node.db.pool.query<{ owner: string }>(
        "SELECT owner FROM node_lease WHERE node_id = $1 AND until > clock_timestamp()",
        [node.nodeId],
      );
      const pid = Number(rows[0]?.owner.split("/")[2]);
      return [...running].find((worker) => worker.pid === pid) ?? null;
    },
    stop: async () => {
      for (const worker of running) await kill(worker);
      program.remove();
      await node.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function pinKey({ db, nodeId, sshd }: AttemptNode): Promise<void> {
  const { algorithm, fingerprint, blob } = sshd.hostKey();
  const hostKey = {
    hostKeyAlgorithm: algorithm,
    hostKeyFingerprint: fingerprint,
    hostKeyBlob: Buffer.from(blob, "base64"),
  };
  await db.prisma.node.update({ where: { id: nodeId }, data: hostKey });
}
