import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AttemptNode, startAttemptNode, type TestWorker } from "../../testing/attempt-node";
import { isAlive, run, waitUntil } from "../../testing/processes";
import { sshdUnavailable } from "../../testing/sshd";

/** A parent and a grandchild in a session of its own, both deaf to TERM. */
const STUBBORN = `trap "" TERM
(setsid sh -c 'trap "" TERM; echo $$ >"$OUTPUT/grandchild"; while :; do sleep 1; done' &)
echo $$ >"$OUTPUT/parent"
while :; do sleep 1; done`;
const WAIT = 'while [ ! -e "$OUTPUT/enough" ]; do sleep 0.1; done; eval "$SAVE"';

describe.skipIf(sshdUnavailable !== null)("how attempts end on a real sshd", () => {
  let node: AttemptNode;
  let worker: TestWorker;
  beforeAll(async () => {
    node = await startAttemptNode();
  });
  beforeEach(async () => {
    worker = await node.worker();
  });
  afterEach(() => worker.kill());
  afterAll(() => node.stop());

  const start = async (program: string) => {
    const { runId } = await node.startRun(program);
    const isRunning = async () => (await node.attempts(runId)).at(-1)?.status === "running";
    await worker.until(isRunning, "the training to run");
    const attempt = await node.attempt(runId);
    return { runId, attempt, directory: attempt.directory ?? "", output: attempt.outputDirectory ?? "" };
  };
  const ends = async (runId: string) => {
    await worker.until(async () => (await node.attempts(runId)).at(-1)?.endedAt != null, "its end");
    return node.attempt(runId);
  };
  const stop = (id: string, stopGraceSeconds = 1) =>
    node.db.prisma.attempt.update({
      where: { id },
      data: { desired: "stop", stopGraceSeconds, stopRequestedBy: "ann@example.org" },
    });
  /** A file that is there before the attempt starts, and that its training may write. */
  const putBefore = (directory: string, file: string) => {
    mkdirSync(join(directory, dirname(file)), { recursive: true });
    writeFileSync(join(directory, file), "older weights");
    if (process.getuid?.() === 0) run("chown", ["-R", node.sshd.username, dirname(directory)]);
  };
  const pidIn = (file: string) => Number(readFileSync(file, "utf8"));
  const supervisorOf = (directory: string) =>
    Number(/ wpid=(\d+)/.exec(readFileSync(join(directory, "id"), "utf8"))?.[1]);
  const terminalEvents = (attemptId: string) =>
    node.db.prisma.attemptEvent.count({ where: { attemptId, isTerminal: true } });

  it("a stop kills a parent that ignores TERM and its grandchild in another session", async () => {
    const { runId, attempt, output } = await start(STUBBORN);
    await waitUntil(() => existsSync(join(output, "grandchild")), "the grandchild");
    const pids = [pidIn(join(output, "parent")), pidIn(join(output, "grandchild"))];
    await stop(attempt.id);
    const ended = await ends(runId);
    expect(ended).toMatchObject({ status: "cancelled", exitWhy: "cancel" });
    expect(pids.filter((pid) => isAlive(pid))).toEqual([]);
    const events = await node.db.prisma.attemptEvent.findMany({ where: { attemptId: attempt.id } });
    expect(events.map((event) => event.reason)).toContain("stop requested by ann@example.org");
  });

  it("a stop asked for while the link is down is carried out once, after it is back", async () => {
    const { runId, attempt, directory } = await start(
      'trap "echo stopped; exit 0" TERM; while :; do sleep 0.1; done',
    );
    node.proxy.setRefusing(true);
    node.proxy.cutNow();
    await stop(attempt.id, 30);
    expect(await worker.round()).toBeNull();
    expect(existsSync(join(directory, "cancel"))).toBe(false);
    expect((await node.attempt(runId)).status).toBe("running");
    node.proxy.setRefusing(false);
    expect((await ends(runId)).status).toBe("cancelled");
    expect((await node.storedLog(attempt.id)).toString().match(/^stopped$/gm)).toHaveLength(1);
    expect(await terminalEvents(attempt.id)).toBe(1);
  });

  it("a stop that comes too late leaves a success a success", async () => {
    const { runId, attempt, output } = await start(`trap "" TERM; ${WAIT}`);
    await stop(attempt.id, 60);
    const isStopping = async () => (await node.attempt(runId)).status === "stopping";
    await worker.until(isStopping, "stopping");
    writeFileSync(join(output, "enough"), "");
    expect(await ends(runId)).toMatchObject({ status: "succeeded", exitStatus: 0, exitWhy: "cancel" });
  });

  it("a supervisor killed with -9 leaves the training running, and its end is closed once and is no success", async () => {
    const { runId, attempt, directory, output } = await start(WAIT);
    process.kill(supervisorOf(directory), "SIGKILL");
    const isSupervised = async () => (await node.attempt(runId)).isSupervised;
    await worker.until(async () => !(await isSupervised()), "the attempt to be unsupervised");
    expect((await node.attempt(runId)).status).toBe("running");
    writeFileSync(join(output, "enough"), "");
    const ended = await ends(runId);
    expect(ended).toMatchObject({ status: "interrupted", exitStatus: null, exitWhy: "lost" });
    expect(await terminalEvents(attempt.id)).toBe(1);
    const exit = readFileSync(join(directory, "exit"), "utf8");
    for (let round = 0; round < 3; round++) await worker.round();
    expect(readFileSync(join(directory, "exit"), "utf8")).toBe(exit);
  });

  it("a stop ends an attempt whose supervisor is dead, members that ignore TERM included", async () => {
    const { runId, attempt, directory, output } = await start(STUBBORN);
    await waitUntil(() => existsSync(join(output, "grandchild")), "the grandchild");
    const pids = [pidIn(join(output, "parent")), pidIn(join(output, "grandchild"))];
    process.kill(supervisorOf(directory), "SIGKILL");
    await stop(attempt.id);
    expect((await ends(runId)).status).toBe("cancelled");
    expect(pids.filter((pid) => isAlive(pid))).toEqual([]);
  });

  it("exit status 0 without a checkpoint is no success, nor is one with an older checkpoint", async () => {
    const { runId } = await node.startRun("echo done");
    expect(await ends(runId)).toMatchObject({ status: "failed", exitStatus: 0 });
    const stale = await node.startRun("true");
    putBefore(join(node.facts.workDirectory, "runs", stale.runId), "sft-1/pytorch_model.bin");
    expect(await ends(stale.runId)).toMatchObject({ status: "failed", exitStatus: 0 });
    const again = await node.startRun('eval "$SAVE"');
    putBefore(join(node.facts.workDirectory, "runs", again.runId), "sft-1/pytorch_model.bin");
    expect((await ends(again.runId)).status).toBe("succeeded");
  });

  it("a checkpoint is one whatever time the node's clock gives it", async () => {
    const { runId } = await node.startRun('eval "$SAVE"; touch -d "3 days ago" "$OUTPUT/pytorch_model.bin"');
    expect((await ends(runId)).status).toBe("succeeded");
  });

  it("exit status 0 after DeepSpeed told of a dead rank is no success", async () => {
    const { runId } = await node.startRun(
      'eval "$SAVE"; echo "[ERROR] [launch.py:322] exits with return code = -9"',
    );
    const ended = await ends(runId);
    expect(ended).toMatchObject({ status: "failed", exitStatus: 0 });
    expect(ended.reason).toContain("SIGKILL");
  });

  it("a GPU whose memory ran out is told apart from other failures", async () => {
    const { runId } = await node.startRun(
      'echo "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB." >&2; exit 1',
    );
    expect(await ends(runId)).toMatchObject({ status: "failed", endCause: "gpu_out_of_memory" });
    const other = await node.startRun("exit 1");
    expect(await ends(other.runId)).toMatchObject({ status: "failed", endCause: null });
  });

  it("another boot id means that the node was restarted: interrupted, with the whole log", async () => {
    const { runId, attempt, directory } = await start(`echo before; ${WAIT}`);
    const pid = supervisorOf(directory);
    const id = readFileSync(join(directory, "id"), "utf8");
    writeFileSync(join(directory, "id"), id.replace(/boot=\S+/, "boot=another"));
    expect(await ends(runId)).toMatchObject({ status: "interrupted", exitWhy: "interrupted" });
    expect((await node.storedLog(attempt.id)).toString()).toBe("before\n");
    writeFileSync(join(attempt.outputDirectory ?? "", "enough"), "");
    await waitUntil(() => !isAlive(pid), "the training of the test to end");
  });

  it("a bad attempt stops no other", async () => {
    const good = await start(WAIT);
    await node.db.prisma.gpu.create({
      data: { nodeId: node.nodeId, uuid: "GPU-gone", index: 1, name: "gone" },
    });
    // Its GPU is in the database and not on the node, so that it cannot be rendered.
    const bad = await node.startRun("true");
    expect((await ends(bad.runId)).status).toBe("failed");
    expect((await node.attempt(good.runId)).status).toBe("running");
    writeFileSync(join(good.output, "enough"), "");
    expect((await ends(good.runId)).status).toBe("succeeded");
  });
});
