import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Context } from "../context";
import type { FileHint } from "../contracts/sockets";
import type { Database } from "../db";
import { acquireLease, type NodeLease } from "../nodes/lease";
import { type NodeFacts, type ReconcileResult, reconcileNode } from "../worker/attempts";
import { connectNode, type LiveConnection, toSecret } from "../worker/ssh";
import { createTestDatabase, testContext } from "./database";
import { type StartSshdOptions, startSshd, type TestSshd } from "./sshd";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy";
import { insertRun, installTraining, type StartRunOptions } from "./test-training";

const gpuUuid = (index: number) => `GPU-00000000-0000-0000-0000-${String(index).padStart(12, "0")}`;

export type AddNodeOptions = StartSshdOptions & { gpuCount?: number; roundTripMs?: number };
export interface AddedNode {
  sshd: TestSshd;
  proxy: TcpProxy;
  facts: NodeFacts;
  nodeId: string;
}

/** A real sshd as a node of a real database, with a worker's rounds on demand. */
export interface AttemptNode extends AddedNode {
  db: Database;
  ctx: Context & { published: unknown[] };
  hints: FileHint[];
  /** Makes a run with one stage, whose training is this sh program. It finds $OUTPUT and may use $SAVE. */
  startRun: (program: string, options?: StartRunOptions) => Promise<{ runId: string; stageId: string }>;
  worker: (owner?: string) => Promise<TestWorker>;
  attempts: (runId: string) => Promise<AttemptRow[]>;
  attempt: (runId: string) => Promise<AttemptRow>;
  storedLog: (attemptId: string) => Promise<Buffer>;
  stop: () => Promise<void>;
}
export type AttemptRow = NonNullable<Awaited<ReturnType<Database["prisma"]["attempt"]["findFirst"]>>>;

/** What a worker process has of a node: a lease and a connection, made anew when it is lost. */
export interface TestWorker {
  connection: () => LiveConnection | null;
  /** Connects when it is not connected. */
  connect: () => Promise<LiveConnection>;
  lease: () => Promise<NodeLease>;
  /** One round. A link that is down costs the round, as in the worker; the next one connects again. */
  round: () => Promise<ReconcileResult | null>;
  until: (condition: () => boolean | Promise<boolean>, what: string, timeoutMs?: number) => Promise<void>;
  /** kill -9 of the process: nothing is said goodbye to. The lease is free at once, as after 20 s. */
  kill: () => Promise<void>;
}

export async function startAttemptNode(options: AddNodeOptions = {}): Promise<AttemptNode> {
  const db = await createTestDatabase();
  const added = await addNode(db, options);
  const { sshd, proxy, nodeId, facts } = added;
  const ctx = testContext(db);
  const hints: FileHint[] = [];
  const workers: TestWorker[] = [];
  const attempts = (runId: string) =>
    db.prisma.attempt.findMany({ where: { stage: { runId } }, orderBy: { number: "asc" } });
  return {
    db,
    ctx,
    ...added,
    hints,
    startRun: (program, options = {}) => insertRun(db, nodeId, { program, ...options }),
    worker: async (owner = "worker") => {
      const worker = await createWorker({ ctx, sshd, proxy, facts, nodeId, hints, owner });
      workers.push(worker);
      return worker;
    },
    attempts,
    attempt: async (runId) => {
      const [newest] = (await attempts(runId)).reverse();
      if (newest === undefined) throw new Error("the run has no attempt");
      return newest;
    },
    storedLog: async (attemptId) => {
      const { rows } = await db.pool.query<{ bytes: Buffer }>(
        `SELECT c.bytes FROM log_chunk c JOIN node_file f ON f.id = c.file_id
         WHERE f."attemptId" = $1 AND f.path = 'training.log' ORDER BY f.generation, c."offset"`,
        [attemptId],
      );
      return Buffer.concat(rows.map((row) => row.bytes));
    },
    stop: async () => {
      for (const worker of workers) worker.connection()?.close();
      await proxy.stop();
      await sshd.stop();
      await db.close();
    },
  };
}

/** A real sshd behind a proxy, as one of the nodes of a database. Whoever adds it stops both. */
export async function addNode(
  db: Database,
  { gpuCount = 1, roundTripMs = 0, ...options }: AddNodeOptions = {},
): Promise<AddedNode> {
  const sshd = await startSshd(options);
  const proxy = await startTcpProxy(sshd, { roundTripMs });
  const home = sshd.homeDirectory;
  const virtualEnvironment = installTraining({ home, owner: sshd.username });
  const gpus = Array.from({ length: gpuCount }, (_, index) => ({
    uuid: gpuUuid(index),
    index,
    name: "Test GPU",
  }));
  const { id: nodeId } = await db.prisma.node.create({
    data: {
      name: `node-${sshd.port}`,
      host: sshd.host,
      port: proxy.port,
      username: sshd.username,
      authMethod: "private_key",
      settings: { virtualEnvironment },
      gpus: { create: gpus },
    },
  });
  const facts: NodeFacts = {
    homeDirectory: home,
    workDirectory: join(home, ".trainyard"),
    examplesDirectory: join(home, "DeepSpeedExamples"),
    gpuIndexByUuid: Object.fromEntries(gpus.map(({ uuid, index }) => [uuid, index])),
  };
  return { sshd, proxy, facts, nodeId };
}

interface WorkerOptions {
  ctx: Context;
  sshd: TestSshd;
  proxy: TcpProxy;
  facts: NodeFacts;
  nodeId: string;
  hints: FileHint[];
  owner: string;
}

async function createWorker(options: WorkerOptions): Promise<TestWorker> {
  const { ctx, sshd, proxy, facts, nodeId, hints } = options;
  const lease = await requireLease(options);
  let connection: LiveConnection | null = null;
  let renewal: Promise<NodeLease> = Promise.resolve(lease);
  let isKilled = false;

  const connect = async (): Promise<LiveConnection> => {
    if (connection?.isOpen()) return connection;
    connection = await connectNode({
      nodeId,
      host: proxy.host,
      port: proxy.port,
      username: sshd.username,
      hostKey: sshd.hostKey(),
      credential: toSecret({ method: "private_key", privateKey: sshd.privateKey }),
    });
    return connection;
  };
  const round = async (): Promise<ReconcileResult | null> => {
    if (isKilled) throw new Error("this worker is dead");
    renewal = requireLease(options);
    await renewal;
    try {
      const onFile = (hint: FileHint) => hints.push(hint);
      return await reconcileNode({
        ctx,
        connection: await connect(),
        lease,
        isWatched: true,
        facts,
        foreignUse: new Map(),
        disk: null,
        onFile,
      });
    } catch (error) {
      ctx.log.info({ err: error }, "a round was lost");
      return null;
    }
  };
  return {
    connection: () => connection,
    connect,
    lease: () => requireLease(options),
    round,
    until: async (condition, what, timeoutMs = 25_000) => {
      const deadline = Date.now() + timeoutMs;
      while (!(await condition())) {
        if (Date.now() > deadline) throw new Error(`rounds for ${timeoutMs} ms did not lead to: ${what}`);
        const result = await round();
        if (result?.hasMore !== true) await delay(30);
      }
    },
    kill: async () => {
      isKilled = true;
      await renewal;
      proxy.cutNow();
      await ctx.db.pool.query(
        "UPDATE node_lease SET until = now() - interval '1 second' WHERE node_id = $1",
        [nodeId],
      );
    },
  };
}

async function requireLease({ ctx, nodeId, owner }: WorkerOptions): Promise<NodeLease> {
  const lease = await acquireLease(ctx.db.pool, nodeId, owner);
  if (lease === null) throw new Error(`${owner} did not get the lease`);
  return lease;
}
