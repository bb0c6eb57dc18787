import { appendFileSync, closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readLog } from "../../../server/logs";
import { waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { bareSshMibPerSecond } from "../lab/bare-ssh";
import { lookAt } from "../lab/look-at";
import { residentBytes, watchMemory } from "../lab/memory-watch";
import { keeps } from "../lab/promise";
import { sized } from "../lab/settings";
import { startWorkerYard, type WorkerYard } from "../lab/worker-yard";

const MIB = 1_048_576;
const LOG_MIB = sized({ short: 96, long: 1024 });
const ROUND_TRIP_MS = 50;
const LEAST_MIB_PER_SECOND = 15;
const MOST_GROWTH_MIB = 64;
const MOST_OPEN_MS = 1_000;
const MOST_OPEN_BYTES = 2_000_000;
/** What a page asks for when it opens a log. */
const TAIL_BYTES = 131_072;
const ENOUGH = `while [ ! -e "$OUTPUT/enough" ]; do sleep 0.2; done; eval "$SAVE"`;

keeps(
  {
    row: 17,
    promise: `${LOG_MIB} MiB of log over ${ROUND_TRIP_MS} ms round trip`,
    bar: `≥ ${LEAST_MIB_PER_SECOND} MiB/s, + ${MOST_GROWTH_MIB} MB; its end opens in ≤ 1 s moving ≤ 2 MB`,
    kind: "measure",
    unavailable: sshdUnavailable,
    timeoutMs: sized({ short: 180_000, long: 900_000 }),
  },
  async () => {
    const yard = await startWorkerYard({ roundTripMs: ROUND_TRIP_MS });
    try {
      const { mibPerSecond, bareMibPerSecond, grownMiB, openMs, openBytes } = await measure(yard);
      return {
        figure: `${mibPerSecond.toFixed(1)} MiB/s (ssh HOST cat: ${bareMibPerSecond.toFixed(1)}), + ${grownMiB.toFixed(0)} MB; its end in ${openMs.toFixed(0)} ms, ${Math.round(openBytes / 1000)} kB`,
        isKept:
          mibPerSecond >= LEAST_MIB_PER_SECOND &&
          grownMiB <= MOST_GROWTH_MIB &&
          openMs <= MOST_OPEN_MS &&
          openBytes <= MOST_OPEN_BYTES,
      };
    } finally {
      await yard.stop();
    }
  },
);

interface Figures {
  mibPerSecond: number;
  /** Over the same link, stored nowhere. */
  bareMibPerSecond: number;
  grownMiB: number;
  openMs: number;
  openBytes: number;
}

async function measure(yard: WorkerYard): Promise<Figures> {
  const { node } = yard;
  const { runId } = await node.startRun(ENOUGH);
  const worker = await yard.start("one");
  const viewer = lookAt(yard.dataDirectory("one"), `run:${runId}`);
  await waitUntil(async () => (await node.attempts(runId))[0]?.status === "running", "the training", 60_000);
  const attempt = await node.attempt(runId);
  const log = join(attempt.directory ?? "", "training.log");
  const stored = () => readLog({ ctx: node.ctx, input: { attemptId: attempt.id, length: 1 } });
  appendFileSync(log, "begin\n");
  await waitUntil(async () => (await stored()).size > 0, "the first line");
  // What the first rounds, the inventory and the check of the node hold is not the log's.
  await delay(sized({ short: 3_000, long: 15_000 }));
  const before = residentBytes(worker.pid);
  const memory = watchMemory(worker.pid);
  const size = writeLines(log);
  const startedAt = performance.now();
  await waitUntil(async () => (await stored()).size >= size, "the log to be stored", 800_000);
  const seconds = (performance.now() - startedAt) / 1000;
  const grownMiB = (memory.stop() - before) / MIB;
  const openedAt = performance.now();
  const tail = await readLog({
    ctx: node.ctx,
    input: { attemptId: attempt.id, offset: -TAIL_BYTES, length: TAIL_BYTES },
  });
  const openMs = performance.now() - openedAt;
  if (tail.bytes.length !== TAIL_BYTES || tail.offset !== size - TAIL_BYTES)
    throw new Error("that is not the end");
  viewer.close();
  const bareMibPerSecond = await bareSshMibPerSecond(node, log);
  writeFileSync(join(attempt.outputDirectory ?? "", "enough"), "");
  return {
    mibPerSecond: size / MIB / seconds,
    bareMibPerSecond,
    grownMiB,
    openMs,
    openBytes: tail.bytes.length,
  };
}

/** Lines as DeepSpeed writes them, one of ten with a figure. Returns the size of the file. */
function writeLines(path: string): number {
  const lines = Array.from({ length: 2_000 }, (_, n) =>
    n % 10 === 0
      ? `Epoch: 0, Step: ${n}, Rank: 0, loss = ${(4 - n / 1000).toFixed(6)}`
      : "[2026-01-02 03:04:05,678] [INFO] [utils.py:781:see_memory_usage] MA 3.96 GB Max_MA 22.95 GB CA 23.1 GB",
  );
  const block = Buffer.from(`${lines.join("\n")}\n`);
  const file = openSync(path, "a");
  let written = "begin\n".length;
  while (written < LOG_MIB * MIB) written += writeSync(file, block);
  closeSync(file);
  return written;
}
