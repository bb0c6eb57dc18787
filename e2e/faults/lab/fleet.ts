import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "../../../server/db";
import { createTestDatabase } from "../../../server/testing/database";
import { createFakeNvidiaSmi } from "../../../server/testing/fake-nvidia-smi";
import { isAlive, killIfThere } from "../../../server/testing/processes";
import { startSshd, type TestSshd } from "../../../server/testing/sshd";
import { buildWorker, type WorkerProcess } from "../../../server/testing/worker-process";
import { loadKeyRing, Vault } from "../../../server/worker/vault";
import { addNode } from "./add-node";

/** Many nodes, each with an sshd, a host key and a home of its own, as root also with processes of its own; one worker. */
export interface Fleet {
  db: Database;
  nodeIds: readonly string[];
  /** Resolves when it is ready. */
  startWorker: () => Promise<WorkerProcess>;
  /** Also what runs on the nodes. */
  stop: () => Promise<void>;
}

export async function startFleet(size: { nodeCount: number; gpuCount: number }): Promise<Fleet> {
  const directory = mkdtempSync(join(tmpdir(), "trainyard-fleet-"));
  const smi = createFakeNvidiaSmi(directory, "good", size.gpuCount);
  const [db, program] = await Promise.all([createTestDatabase(), buildWorker()]);
  const keyFile = join(directory, "keys", "ring.json");
  const vault = new Vault(db.pool, loadKeyRing(keyFile));
  const sshds: TestSshd[] = [];
  const nodeIds: string[] = [];
  for (let number = 0; number < size.nodeCount; number++) {
    const home = join(directory, `home-${number}`);
    mkdirSync(home);
    const sshd = await startSshd({
      asSelf: true,
      hasOwnProcesses: process.getuid?.() === 0,
      config: [`SetEnv HOME=${home} PATH=${smi.directory}:/usr/local/bin:/usr/bin:/bin`],
    });
    sshds.push(sshd);
    nodeIds.push(await addNode({ db, vault, sshd, home, name: `node-${number}` }));
  }
  let worker: WorkerProcess | null = null;
  return {
    db,
    nodeIds,
    startWorker: async () => {
      const dataDirectory = join(directory, "data");
      worker = await program.start({ databaseUrl: db.url, dataDirectory, keyFile });
      return worker;
    },
    stop: async () => {
      worker?.signal("SIGKILL");
      await worker?.ended;
      await Promise.all(sshds.map((sshd) => sshd.stop()));
      // Without namespaces of their own, trainings outlive their sshd.
      for (const pid of processesAtHomeBelow(directory)) killIfThere(pid);
      program.remove();
      await db.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function processesAtHomeBelow(directory: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isAlive(pid) && environmentOf(pid).includes(`\0HOME=${directory}/`));
}

function environmentOf(pid: number): string {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, "latin1")}`;
  } catch {
    // Gone meanwhile, or somebody else's.
    return "";
  }
}
