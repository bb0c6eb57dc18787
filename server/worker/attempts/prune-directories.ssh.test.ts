import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AttemptNode, startAttemptNode, type TestWorker } from "../../testing/attempt-node";
import { sshdUnavailable } from "../../testing/sshd";
import { pruneDirectories } from "./prune-directories";

const DAY_MS = 86_400_000;
const WAITS = `while [ ! -e "$OUTPUT/enough" ]; do sleep 0.1; done; eval "$SAVE"`;

describe.skipIf(sshdUnavailable !== null)(
  "directories of attempts that ended long ago, on a real sshd",
  () => {
    let node: AttemptNode;
    let worker: TestWorker;
    beforeAll(async () => {
      node = await startAttemptNode();
      worker = await node.worker();
    });
    afterAll(() => node.stop());

    const endedRun = async () => {
      const { runId } = await node.startRun('echo "what it said"; eval "$SAVE"');
      await worker.until(async () => (await node.attempts(runId))[0]?.endedAt != null, "its end");
      const { id, directory, outputDirectory } = await node.attempt(runId);
      return { runId, id, directory: directory ?? "", output: outputDirectory ?? "" };
    };
    /** As of `days` after now. */
    const prune = async (days: number, keepNodeLogsDays = 30) => {
      const [lease, connection] = [await worker.lease(), await worker.connect()];
      const ctx = { ...node.ctx, now: () => new Date(Date.now() + days * DAY_MS) };
      await pruneDirectories({ ctx, lease, connection, keepNodeLogsDays, refused: new Set() });
    };
    const isPruned = async (runId: string) => (await node.attempt(runId)).prunedAt !== null;

    it("go after the days that were set, and leave checkpoints and the stored log", async () => {
      const { runId, id, directory, output } = await endedRun();
      const log = await node.storedLog(id);
      await prune(29);
      expect([existsSync(directory), await isPruned(runId)]).toEqual([true, false]);
      await prune(31);
      expect([existsSync(directory), await isPruned(runId)]).toEqual([false, true]);
      expect(existsSync(join(output, "pytorch_model.bin"))).toBe(true);
      expect(log.toString()).toContain("what it said");
      expect((await node.storedLog(id)).equals(log)).toBe(true);
    });

    it("go with a log that was moved aside, when that is stored too", async () => {
      const { runId } = await node.startRun(WAITS);
      await worker.until(
        async () => (await node.attempts(runId))[0]?.status === "running",
        "the training to run",
      );
      const { id, directory, outputDirectory } = await node.attempt(runId);
      const log = join(directory ?? "", "training.log");
      const isStored = (text: string) => async () => (await node.storedLog(id)).includes(text);
      appendFileSync(log, "the first text\n");
      await worker.until(isStored("the first text"), "the first text");
      renameSync(log, `${log}.1`);
      writeFileSync(log, "the second text\n");
      await worker.until(isStored("the second text"), "the second text");
      writeFileSync(join(outputDirectory ?? "", "enough"), "");
      await worker.until(async () => (await node.attempts(runId))[0]?.endedAt != null, "its end");
      expect(existsSync(`${log}.1`)).toBe(true);
      await prune(31);
      expect([existsSync(directory ?? ""), await isPruned(runId)]).toEqual([false, true]);
    });

    it("go at the second try when the first was cut off", async () => {
      const { runId, directory } = await endedRun();
      for (const name of readdirSync(directory)) if (name !== "exit") rmSync(join(directory, name));
      await prune(31);
      expect([existsSync(directory), await isPruned(runId)]).toEqual([false, true]);
    });

    it.each<[string, (run: Awaited<ReturnType<typeof endedRun>>) => unknown]>([
      [
        "whose log has a byte that the database lacks",
        ({ directory }) => appendFileSync(join(directory, "training.log"), "x"),
      ],
      [
        "whose log has other bytes of the same length",
        ({ directory }) => {
          const log = join(directory, "training.log");
          writeFileSync(log, readFileSync(log, "utf8").replace("what it said", "what it lied"));
        },
      ],
      [
        "with a log moved aside that was never read",
        ({ directory }) => writeFileSync(join(directory, "training.log.2"), "missed"),
      ],
      [
        "without an end mark",
        ({ directory }) => renameSync(join(directory, "exit"), join(directory, "..", "exit-away")),
      ],
      [
        "that hold something of somebody else",
        ({ directory }) => writeFileSync(join(directory, "notes.txt"), "mine"),
      ],
      [
        "whose bytes the database lost",
        ({ id }) =>
          node.db.pool.query(
            `DELETE FROM log_chunk WHERE file_id IN (SELECT id FROM node_file WHERE "attemptId" = $1)`,
            [id],
          ),
      ],
      [
        "with a file that was not read to its end",
        ({ id }) =>
          node.db.pool.query(`UPDATE node_file SET "isComplete" = false WHERE "attemptId" = $1`, [id]),
      ],
    ])("stay when they are ones %s", async (_what, change) => {
      const run = await endedRun();
      await change(run);
      await prune(31);
      expect([existsSync(join(run.directory, "training.log")), await isPruned(run.runId)]).toEqual([
        true,
        false,
      ]);
    });

    it("stay on a disk that is not mounted", async () => {
      const { runId, directory } = await endedRun();
      const mark = join(node.facts.workDirectory, ".trainyard");
      renameSync(mark, `${mark}.away`);
      await prune(31);
      renameSync(`${mark}.away`, mark);
      expect([existsSync(directory), await isPruned(runId)]).toEqual([true, false]);
    });
  },
);
