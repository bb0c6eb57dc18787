import { existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deleteRun } from "../../runs";
import { type AttemptNode, startAttemptNode, type TestWorker } from "../../testing/attempt-node";
import { sshdUnavailable } from "../../testing/sshd";
import { removeDueFiles } from "./remove-due-files";

/** What DeepSpeed-Chat leaves at --data_output_path. */
const CACHE = 'mkdir -p "$HOME/.trainyard/data/$(basename "$(dirname "$OUTPUT")")/sft-1"';

describe.skipIf(sshdUnavailable !== null)("files of a deleted run on a real sshd", () => {
  let node: AttemptNode;
  let worker: TestWorker;
  beforeAll(async () => {
    node = await startAttemptNode();
    worker = await node.worker();
  });
  afterAll(() => node.stop());

  /** A run that has ended, with a data cache beside its outputs. */
  const endedRun = async () => {
    const { runId } = await node.startRun(`${CACHE}; eval "$SAVE"`);
    await worker.until(async () => (await node.attempts(runId))[0]?.endedAt != null, "its end");
    const attempt = await node.attempt(runId);
    const directory = attempt.directory ?? "";
    const output = dirname(attempt.outputDirectory ?? "");
    const data = join(node.facts.workDirectory, "data", runId);
    return { runId, directory, output, data };
  };
  const deleted = (runId: string, nodeFiles: "keep" | "logs" | "all") =>
    deleteRun({ ctx: node.ctx, input: { id: runId, nodeFiles } });
  const remove = async (now = () => new Date()) => {
    const lease = await worker.lease();
    await removeDueFiles({ ctx: { ...node.ctx, now }, lease, connection: await worker.connect() });
  };
  const requests = () => node.db.prisma.nodeCleanup.findMany();
  const there = (...paths: string[]) => paths.map((path) => existsSync(path));

  it("go as far as was asked for, and no other run's", async () => {
    const [kept, logs, all] = [await endedRun(), await endedRun(), await endedRun()];
    await deleted(kept.runId, "keep");
    await deleted(logs.runId, "logs");
    await deleted(all.runId, "all");
    await remove();
    expect(there(kept.directory, kept.data, kept.output)).toEqual([true, true, true]);
    expect(there(logs.directory, logs.data, logs.output)).toEqual([false, false, true]);
    expect(there(all.directory, all.data, all.output)).toEqual([false, false, false]);
    expect(await requests()).toEqual([]);
  });

  it("wait for a node that cannot be reached, and go once it can", async () => {
    const { runId, directory } = await endedRun();
    await deleted(runId, "logs");
    await worker.connect();
    node.proxy.setRefusing(true);
    node.proxy.cutNow();
    await expect(remove()).rejects.toMatchObject({ code: "NODE_UNREACHABLE" });
    expect(await requests()).toMatchObject([{ failures: 0, triedAt: null }]);
    node.proxy.setRefusing(false);
    await remove();
    expect(there(directory)).toEqual([false]);
  });

  it("are not looked for on a disk that is not mounted, and tried again later", async () => {
    const { runId, directory } = await endedRun();
    await deleted(runId, "logs");
    const mark = join(node.facts.workDirectory, ".trainyard");
    renameSync(mark, `${mark}.away`);
    await remove();
    const [request] = await requests();
    expect(request).toMatchObject({ failures: 1 });
    expect(request?.lastError).toContain("mounted");
    renameSync(`${mark}.away`, mark);
    await remove();
    expect(there(directory)).toEqual([true]);
    await remove(() => new Date(Date.now() + 21_000));
    expect(there(directory)).toEqual([false]);
  });

  it("of an attempt without an end are left alone", async () => {
    const { runId, directory } = await endedRun();
    renameSync(join(directory, "exit"), join(directory, "exit.away"));
    await deleted(runId, "all");
    await remove();
    expect(there(directory)).toEqual([true]);
    await node.db.prisma.nodeCleanup.deleteMany();
  });

  it("are removed without following links out of the tree", async () => {
    const { runId, directory, output } = await endedRun();
    const elsewhere = join(node.sshd.homeDirectory, "precious");
    mkdirSync(elsewhere, { recursive: true });
    writeFileSync(join(elsewhere, "weights"), "x");
    symlinkSync(elsewhere, join(output, "link"));
    symlinkSync(elsewhere, join(directory, "link"));
    await deleted(runId, "all");
    await remove();
    expect(there(directory, output, join(elsewhere, "weights"))).toEqual([false, false, true]);
  });
});
