import { createHash, randomBytes } from "node:crypto";
import {
  appendFileSync,
  chownSync,
  copyFileSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AttemptNode, startAttemptNode, type TestWorker } from "../../testing/attempt-node";
import { sshdUnavailable } from "../../testing/sshd";

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
/** Writes lines in pieces, so that a look comes in the middle of one, until the test says enough. */
const CHATTER = `n=0
while [ ! -e "$OUTPUT/enough" ]; do
  n=$((n + 1))
  printf 'line %s: ' "$n"; printf 'abcdefghijklmnopqrstuvwxyz%.0s' 1 2 3 4; printf ' loss %s' "$n"
  sleep 0.01
  printf '\\n'
done
eval "$SAVE"`;

describe.skipIf(sshdUnavailable !== null)("following a training's log on a real sshd", () => {
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

  const isRunning = async (runId: string) => (await node.attempts(runId)).at(-1)?.status === "running";
  const logOnNode = async (runId: string) =>
    readFileSync(join((await node.attempt(runId)).directory ?? "", "training.log"));
  const storedBytes = async (runId: string) => (await node.storedLog((await node.attempt(runId)).id)).length;
  /** The training runs, and the 15 bytes that were put into its log are stored. */
  const firstText = async (runId: string) => {
    await worker.until(() => isRunning(runId), "the training to run");
    const attempt = await node.attempt(runId);
    const log = join(attempt.directory ?? "", "training.log");
    appendFileSync(log, "the first text\n");
    await worker.until(async () => (await storedBytes(runId)) === 15, "the first text");
    return { attempt, log };
  };
  const enough = async (runId: string) => {
    const { outputDirectory } = await node.attempt(runId);
    writeFileSync(join(outputDirectory ?? "", "enough"), "");
  };
  const ends = (runId: string) =>
    worker.until(async () => (await node.attempts(runId)).at(-1)?.endedAt != null, "the end of the attempt");
  const expectWhole = async (runId: string) => {
    const attempt = await node.attempt(runId);
    const stored = await node.storedLog(attempt.id);
    const written = await logOnNode(runId);
    expect(stored.length).toBe(written.length);
    expect(sha256(stored)).toBe(sha256(written));
    const files = await node.db.prisma.nodeFile.findMany({ where: { attemptId: attempt.id, kind: "log" } });
    expect(files).toMatchObject([{ generation: 0, isComplete: true, offset: BigInt(written.length) }]);
  };

  it("a link cut 25 times, also in the middle of a line, loses and doubles nothing", async () => {
    const { runId } = await node.startRun(CHATTER);
    await worker.until(() => isRunning(runId), "the training to run");
    for (let cut = 0; cut < 25; cut++) {
      const before = await storedBytes(runId);
      node.proxy.cutAfter(200 + ((cut * 379) % 3000));
      await worker.until(async () => (await storedBytes(runId)) > before, "more of the log");
    }
    expect(node.proxy.connectionCount()).toBeGreaterThan(10);
    await enough(runId);
    await ends(runId);
    expect((await node.attempt(runId)).status).toBe("succeeded");
    await expectWhole(runId);
  }, 120_000);

  it("a link cut in the middle of a long catch-up, while chunks are read ahead, loses and doubles nothing", async () => {
    const { runId } = await node.startRun(CHATTER);
    await worker.until(() => isRunning(runId), "the training to run");
    const log = join((await node.attempt(runId)).directory ?? "", "training.log");
    appendFileSync(log, randomBytes(12 * 1_048_576));
    const { size } = statSync(log);
    for (let cut = 0; (await storedBytes(runId)) < size; cut += 1) {
      const before = await storedBytes(runId);
      node.proxy.cutAfter(4_000_000 + cut * 977_777);
      await worker.until(async () => (await storedBytes(runId)) > before, "more of the log");
    }
    await enough(runId);
    await ends(runId);
    await expectWhole(runId);
  });

  it("a worker killed during an attempt is followed by another that goes on where it was", async () => {
    const { runId } = await node.startRun(CHATTER);
    await worker.until(() => isRunning(runId), "the training to run");
    for (const owner of ["second", "third", "fourth"]) {
      const before = await storedBytes(runId);
      await worker.until(async () => (await storedBytes(runId)) > before, "some of the log");
      const cutOff = worker.round().catch(() => null);
      await worker.kill();
      await cutOff;
      worker = await node.worker(owner);
    }
    await enough(runId);
    await ends(runId);
    const attempts = await node.attempts(runId);
    expect(attempts.map((attempt) => attempt.status)).toEqual(["succeeded"]);
    await expectWhole(runId);
    const terminal = await node.db.prisma.attemptEvent.count({
      where: { attemptId: attempts[0]?.id ?? "", isTerminal: true },
    });
    expect(terminal).toBe(1);
  }, 120_000);

  it("NUL bytes, 0xFF, a line of 10 MB and a last line without its end do no harm", async () => {
    const { runId } = await node.startRun(`
      printf 'a\\000b\\377c\\n'
      head -c 100000 /dev/urandom
      head -c 10000000 /dev/zero | tr '\\0' x; echo
      printf 'progress 1%%\\rprogress 2%%\\r'
      printf 'no end'
      eval "$SAVE"`);
    await ends(runId);
    expect((await node.attempt(runId)).status).toBe("succeeded");
    await expectWhole(runId);
  }, 60_000);

  it("a log that is truncated, or written anew, goes on as another generation beside the old one", async () => {
    const { runId } = await node.startRun(
      'while [ ! -e "$OUTPUT/enough" ]; do sleep 0.1; done; eval "$SAVE"',
    );
    const { attempt, log } = await firstText(runId);
    const generations = () =>
      node.db.prisma.nodeFile.findMany({ where: { attemptId: attempt.id }, orderBy: { generation: "asc" } });
    writeFileSync(log, "short\n");
    await worker.until(async () => (await generations()).length === 2, "a second generation");
    writeFileSync(log, "other\n");
    await worker.until(async () => (await generations()).length === 3, "a third generation");
    await enough(runId);
    await ends(runId);
    expect((await node.storedLog(attempt.id)).toString()).toBe("the first text\nshort\nother\n");
    expect((await generations()).at(-1)).toMatchObject({ isComplete: true, offset: 6n });
  });

  it("a log that is moved aside is read to its end there, also what the training writes to it afterwards", async () => {
    const { runId } = await node.startRun(
      'while [ ! -e "$OUTPUT/enough" ]; do sleep 0.1; done; echo "the last words"; eval "$SAVE"',
    );
    const { attempt, log } = await firstText(runId);
    appendFileSync(log, "unread\n");
    renameSync(log, `${log}.1`);
    writeFileSync(log, "another log\n");
    writeFileSync(`${log}.notes`, "nothing of the log\n");
    await worker.until(async () => (await storedBytes(runId)) === 34, "both files");
    await enough(runId);
    await ends(runId);
    expect((await node.attempt(runId)).status).toBe("succeeded");
    const files = await node.db.prisma.nodeFile.findMany({
      where: { attemptId: attempt.id },
      orderBy: { generation: "asc" },
    });
    expect(files.map(({ generation, isComplete }) => [generation, isComplete])).toEqual([
      [0, true],
      [1, true],
    ]);
    expect((await node.storedLog(attempt.id)).toString()).toBe(
      "the first text\nunread\nthe last words\nanother log\n",
    );
  });

  it("what a copy kept of a log that was emptied before it was read is read there", async () => {
    const { runId } = await node.startRun(
      'while [ ! -e "$OUTPUT/enough" ]; do sleep 0.1; done; eval "$SAVE"',
    );
    const { attempt, log } = await firstText(runId);
    appendFileSync(log, "unread\n");
    const { uid, gid } = statSync(log);
    copyFileSync(log, `${log}.1`);
    chownSync(`${log}.1`, uid, gid);
    // Of somebody else, who lets nobody read it.
    writeFileSync(`${log}.secret`, "the first text\nof another\n", { mode: 0o000 });
    writeFileSync(log, "after\n");
    await worker.until(async () => (await storedBytes(runId)) === 28, "both files");
    await enough(runId);
    await ends(runId);
    expect((await node.storedLog(attempt.id)).toString()).toBe("the first text\nunread\nafter\n");
  });

  it("tells of each step with the bytes it brought, ending with a hint that the log is complete", async () => {
    const { runId } = await node.startRun('echo one; eval "$SAVE"');
    await ends(runId);
    const hints = node.hints.filter((hint) => hint.runId === runId);
    const [first] = hints.filter(({ kind }) => kind === "log");
    expect(first?.tail).toEqual({ offset: 0, bytes: Buffer.from("one\n") });
    expect(hints.at(-1)).toMatchObject({ path: "training.log", kind: "log", offset: 4, isComplete: true });
  });
});
