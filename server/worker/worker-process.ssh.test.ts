import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type AttemptNode, startAttemptNode } from "../testing/attempt-node";
import { createFakeNvidiaSmi } from "../testing/fake-nvidia-smi";
import { waitUntil } from "../testing/processes";
import { sshdUnavailable } from "../testing/sshd";
import { buildWorker, type WorkerProcess, type WorkerProgram } from "../testing/worker-process";
import { toSecret } from "./ssh";
import { loadKeyRing, Vault } from "./vault";

/** Writes lines in pieces until the test says enough, and a word at every start. */
const CHATTER = `echo started >>"$OUTPUT/../starts"
n=0
while [ ! -e "$OUTPUT/enough" ]; do
  n=$((n + 1))
  printf 'line %s: loss ' "$n"; sleep 0.02; printf '%s\\n' "$n"
done
eval "$SAVE"`;

describe.skipIf(sshdUnavailable !== null)("worker processes", () => {
  let node: AttemptNode;
  let program: WorkerProgram;
  let directory: string;
  const running: WorkerProcess[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "trainyard-workers-"));
    chmodSync(directory, 0o755);
    const smi = createFakeNvidiaSmi(directory, "good");
    const config = [`SetEnv PATH=${smi.directory}:/usr/local/bin:/usr/bin:/bin`];
    [node, program] = await Promise.all([startAttemptNode({ config }), buildWorker()]);
    const { algorithm, fingerprint, blob } = node.sshd.hostKey();
    await node.db.prisma.node.update({
      where: { id: node.nodeId },
      data: {
        hostKeyAlgorithm: algorithm,
        hostKeyFingerprint: fingerprint,
        hostKeyBlob: Buffer.from(blob, "base64"),
      },
    });
    const credential = toSecret({ method: "private_key", privateKey: node.sshd.privateKey });
    await new Vault(node.db.pool, loadKeyRing(keyFile())).store(node.nodeId, credential);
  });
  afterEach(async () => {
    for (const worker of running.splice(0)) {
      worker.signal("SIGKILL");
      await worker.ended;
    }
  });
  afterAll(async () => {
    program.remove();
    await node.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const keyFile = () => join(directory, "keys", "ring.json");
  /** Each has its own socket, and the key in common. */
  const startWorker = async (name: string) => {
    const dataDirectory = join(directory, name);
    const worker = await program.start({ databaseUrl: node.db.url, dataDirectory, keyFile: keyFile() });
    running.push(worker);
    return worker;
  };
  const kill = async (worker: WorkerProcess) => {
    worker.signal("SIGKILL");
    await worker.ended;
  };
  const storedBytes = async (runId: string) => {
    const attempt = (await node.attempts(runId)).at(-1);
    return attempt ? (await node.storedLog(attempt.id)).length : 0;
  };
  const grows = async (runId: string, timeoutMs = 30_000) => {
    const before = await storedBytes(runId);
    await waitUntil(async () => (await storedBytes(runId)) > before, "more of the log", timeoutMs);
  };
  const owner = async () =>
    (await node.db.prisma.nodeLease.findUniqueOrThrow({ where: { nodeId: node.nodeId } })).owner;
  const pidOf = (leaseOwner: string) => Number(leaseOwner.split("/")[2]);
  const finish = async (runId: string) => {
    const { outputDirectory } = await node.attempt(runId);
    writeFileSync(join(outputDirectory ?? "", "enough"), "");
    const hasEnded = async () => (await node.attempt(runId)).endedAt !== null;
    await waitUntil(hasEnded, "the end of the attempt", 30_000);
  };
  /** One attempt, started once, ended once, with every byte of its log. */
  const expectUntouched = async (runId: string) => {
    const attempts = await node.attempts(runId);
    expect(attempts.map(({ status }) => status)).toEqual(["succeeded"]);
    const { id = "", directory: place, outputDirectory } = attempts[0] ?? {};
    expect(readFileSync(join(outputDirectory ?? "", "../starts"), "utf8")).toBe("started\n");
    const written = readFileSync(join(place ?? "", "training.log"));
    const stored = await node.storedLog(id);
    expect(stored.length).toBe(written.length);
    const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
    expect(digest(stored)).toBe(digest(written));
    const events = await node.db.prisma.attemptEvent.findMany({
      where: { attemptId: id },
      orderBy: { id: "asc" },
    });
    // Where the tests' own disk is almost full, that is told among them.
    const changes = events.filter(({ reason }) => !reason.startsWith("low disk"));
    expect(changes.map(({ status }) => status)).toEqual(["queued", "starting", "running", "succeeded"]);
    expect(await node.db.prisma.gpuClaim.count()).toBe(0);
  };

  it("killed and started again during an attempt change nothing for it, and catch up", async () => {
    let worker = await startWorker("one");
    const { runId } = await node.startRun(CHATTER);
    await waitUntil(async () => (await storedBytes(runId)) > 0, "the first of the log", 40_000);
    for (let n = 0; n < 3; n++) {
      await kill(worker);
      worker = await startWorker("one");
      await grows(runId);
    }
    await finish(runId);
    await expectUntouched(runId);
  }, 180_000);

  it("take over from one that is frozen past its lease, which writes nothing when it wakes up", async () => {
    const workers = [await startWorker("one"), await startWorker("two")] as const;
    const { runId } = await node.startRun(CHATTER);
    await waitUntil(async () => (await storedBytes(runId)) > 0, "the first of the log", 40_000);
    const first = pidOf(await owner());
    const frozen = workers.find(({ pid }) => pid === first);
    expect(frozen).toBeDefined();
    frozen?.signal("SIGSTOP");
    await waitUntil(async () => pidOf(await owner()) !== first, "the other to take the lease", 40_000);
    await grows(runId);
    frozen?.signal("SIGCONT");
    await grows(runId);
    await waitUntil(
      () => /lease went to another worker/.test(frozen?.log() ?? ""),
      "the frozen one to notice",
    );
    expect(pidOf(await owner())).not.toBe(first);
    await finish(runId);
    await expectUntouched(runId);
  }, 180_000);

  it("asked to stop during an attempt give the lease back in under 10 s, and the attempt notices nothing", async () => {
    const worker = await startWorker("one");
    const { runId } = await node.startRun(CHATTER);
    await waitUntil(async () => (await storedBytes(runId)) > 0, "the first of the log", 40_000);
    const startedAt = performance.now();
    worker.signal("SIGTERM");
    await worker.ended;
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    const { rows } = await node.db.pool.query(
      'SELECT until < clock_timestamp() AS "isFree" FROM node_lease WHERE node_id = $1',
      [node.nodeId],
    );
    expect(rows).toEqual([{ isFree: true }]);
    expect((await node.attempt(runId)).status).toBe("running");
    await startWorker("one");
    await grows(runId);
    await finish(runId);
    await expectUntouched(runId);
  }, 180_000);

  it("log which node, run and attempt every line is about", async () => {
    const worker = await startWorker("one");
    const { runId } = await node.startRun('eval "$SAVE"');
    const ended = async () => (await node.attempts(runId))[0]?.endedAt != null;
    await waitUntil(ended, "the end of the attempt", 60_000);
    const attempt = await node.attempt(runId);
    const lines = worker.log().trim().split("\n");
    const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const ids = { nodeId: node.nodeId, runId, attemptId: attempt.id };
    // A short attempt may end before it was ever seen running.
    const moves = records.filter(({ msg }) => msg === "an attempt moved on");
    expect(moves[0]).toMatchObject({ ...ids, status: "starting" });
    expect(moves.at(-1)).toMatchObject({ ...ids, status: "succeeded" });
    // Whatever names an id of ours anywhere, for example in an error's text, has it as a field.
    for (const [id, field] of [
      [node.nodeId, "nodeId"],
      [attempt.id, "attemptId"],
    ] as const) {
      const about = lines.filter((line) => line.includes(id));
      expect(about.length).toBeGreaterThan(0);
      expect(about.every((line) => JSON.parse(line)[field] === id)).toBe(true);
    }
    // JSON has each field once.
    for (const field of ["nodeId", "runId", "attemptId"])
      expect(lines.filter((line) => line.split(`"${field}":`).length > 2)).toEqual([]);
  }, 120_000);
});
