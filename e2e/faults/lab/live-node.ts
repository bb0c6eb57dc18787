import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HostKey, type NodeCredential, NodeInventory } from "../../../server/contracts/nodes";
import type { TelemetryTick } from "../../../server/contracts/telemetry";
import { readEnv } from "../../../server/env";
import { linkSecret } from "../../../server/link-secret";
import { createLogger } from "../../../server/log";
import { stopRun } from "../../../server/runs";
import { type AttemptNode, type AttemptRow, startAttemptNode } from "../../../server/testing/attempt-node";
import { testContext } from "../../../server/testing/database";
import { createFakeNvidiaSmi, FAKE_UUIDS, type FakeNvidiaSmi } from "../../../server/testing/fake-nvidia-smi";
import { isAlive, waitUntil } from "../../../server/testing/processes";
import type { StartSshdOptions } from "../../../server/testing/sshd";
import type { StartRunOptions } from "../../../server/testing/test-training";
import { createLinkClient, type LinkClient } from "../../../server/web/link-client";
import { toSecret } from "../../../server/worker/ssh";
import { startWorker, type Worker } from "../../../server/worker/start-worker";
import { loadKeyRing, Vault } from "../../../server/worker/vault";

const log = createLogger("test", "silent");

export interface StartedRun {
  runId: string;
  attemptId: string;
  directory: string;
  output: string;
}

/** A node behind a proxy, with the whole worker at work on it and a web process's link, so that whoever acts wakes it. */
export interface LiveNode {
  node: AttemptNode;
  smi: FakeNvidiaSmi;
  ticks: readonly TelemetryTick[];
  link: LinkClient;
  /** A run that is shown as running. */
  start: (program: string, options?: StartRunOptions) => Promise<StartedRun>;
  /** As a click on Stop does it. */
  clickStop: (runId: string, graceSeconds: number) => Promise<void>;
  ends: (runId: string, timeoutMs?: number) => Promise<AttemptRow>;
  status: () => Promise<string>;
  untilStatus: (status: string, timeoutMs?: number) => Promise<void>;
  pin: (hostKey: HostKey) => Promise<void>;
  stop: () => Promise<void>;
}

export async function startLiveNode(
  options: StartSshdOptions & { path?: string; usesPassword?: boolean } = {},
): Promise<LiveNode> {
  const { path = "", usesPassword = false, ...ofNode } = options;
  const directory = mkdtempSync(join(tmpdir(), "trainyard-live-"));
  chmodSync(directory, 0o755);
  const smi = createFakeNvidiaSmi(directory, "good");
  const environment = `SetEnv PATH=${path}${smi.directory}:/usr/local/bin:/usr/bin:/bin`;
  const config = [...(options.config ?? []), environment];
  const node = await startAttemptNode({ ...ofNode, config });
  const env = readEnv({ TRAINYARD_DATA_DIR: join(directory, "data"), TRAINYARD_PRACTICE: "off" });
  const pin = (hostKey: HostKey) => pinKey(node, hostKey);
  await pin(node.sshd.hostKey());
  await storeLook(node);
  const worker = await startWithCredential(node, env, credentialOf(node, usesPassword));
  const ticks: TelemetryTick[] = [];
  const link = connectLink(env, (batch) => ticks.push(...batch));
  await waitUntil(() => link.isConnected(), "the link");
  const wake = () => link.request("wake", { nodeIds: [node.nodeId] });
  const ctx = testContext(node.db, { publish: () => void wake() });
  const status = async () =>
    (await node.db.prisma.node.findUniqueOrThrow({ where: { id: node.nodeId } })).status;
  const untilStatus = (wanted: string, timeoutMs?: number) =>
    waitUntil(async () => (await status()) === wanted, `the node to be ${wanted}`, timeoutMs);
  await untilStatus("online");
  return {
    node,
    smi,
    ticks,
    link,
    pin,
    status,
    untilStatus,
    start: async (program, asked) => {
      const { runId } = await node.startRun(program, asked);
      await wake();
      const isRunning = async () => (await node.attempts(runId)).at(-1)?.status === "running";
      await waitUntil(isRunning, "the run to be shown as running", 40_000);
      const { id, directory: place, outputDirectory } = await node.attempt(runId);
      return { runId, attemptId: id, directory: place ?? "", output: outputDirectory ?? "" };
    },
    clickStop: async (id, graceSeconds) => {
      await stopRun({ ctx, input: { id, graceSeconds } });
    },
    ends: async (runId, timeoutMs = 40_000) => {
      const hasEnded = async () => (await node.attempt(runId)).endedAt !== null;
      await waitUntil(hasEnded, "the end of the run", timeoutMs);
      return node.attempt(runId);
    },
    stop: async () => {
      link.close();
      await worker.stop();
      await node.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Processes on the node that carry the attempt's mark or were started for its directory, zombies left out. */
export function processesOf(attemptId: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isAlive(pid) && ["environ", "cmdline"].some((file) => holds(pid, file, attemptId)));
}

function holds(pid: number, file: string, attemptId: string): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/${file}`, "latin1");
    return text.includes(file === "environ" ? `TRAINYARD_ATTEMPT=${attemptId}` : `/attempts/${attemptId}`);
  } catch {
    // Gone meanwhile, or somebody else's.
    return false;
  }
}

function credentialOf({ sshd }: AttemptNode, usesPassword: boolean): NodeCredential {
  if (usesPassword && sshd.password !== null) return { method: "password", password: sshd.password };
  return { method: "private_key", privateKey: sshd.privateKey };
}

async function startWithCredential(
  node: AttemptNode,
  env: ReturnType<typeof readEnv>,
  credential: NodeCredential,
): Promise<Worker> {
  const { nodeId, db } = node;
  await new Vault(db.pool, loadKeyRing(env.keyFile)).store(nodeId, toSecret(credential));
  await db.prisma.node.update({ where: { id: nodeId }, data: { authMethod: credential.method } });
  return startWorker({ env, databaseUrl: db.url, log });
}

function connectLink(env: ReturnType<typeof readEnv>, onTicks: (ticks: TelemetryTick[]) => void): LinkClient {
  return createLinkClient({
    place: { socketPath: env.linkSocket },
    secret: linkSecret(env),
    log,
    events: { onTicks, onChanged: () => {}, onFiles: () => {}, onState: () => {} },
  });
}

/** What an earlier inventory found, so that a run need not wait for the first one. */
async function storeLook({ db, nodeId, facts }: AttemptNode): Promise<void> {
  const gpus = FAKE_UUIDS.map((uuid, index) => ({ uuid, index, name: "Fake GPU, 24GB" }));
  const found = gpus.map((gpu) => ({
    ...gpu,
    memoryTotalMiB: 24_576,
    parentUuid: null,
    migProfile: null,
    migIndex: null,
  }));
  const unknown = Object.fromEntries(Object.keys(NodeInventory.shape).map((field) => [field, null]));
  const { homeDirectory, examplesDirectory } = facts;
  const inventory = NodeInventory.parse({ ...unknown, homeDirectory, examplesDirectory, gpus: found });
  await db.prisma.gpu.deleteMany({ where: { nodeId } });
  await db.prisma.node.update({ where: { id: nodeId }, data: { inventory, gpus: { create: gpus } } });
}

/** As somebody does who confirms a key on the node's page. */
async function pinKey({ db, nodeId }: AttemptNode, hostKey: HostKey): Promise<void> {
  const { algorithm, fingerprint, blob } = hostKey;
  await db.prisma.node.update({
    where: { id: nodeId },
    data: {
      hostKeyAlgorithm: algorithm,
      hostKeyFingerprint: fingerprint,
      hostKeyBlob: Buffer.from(blob, "base64"),
      connectionVersion: { increment: 1 },
    },
  });
}
