import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { keeps } from "../lab/promise";
import type { Random } from "../lab/random";
import { sized } from "../lab/settings";
import { countWrites, nameWorker, watchWrites } from "../lab/watch-writes";
import { startWorkerYard, type WorkerYard, type YardWorker } from "../lab/worker-yard";

const FAILOVERS = sized({ short: 2, long: 20 });
const BAR_SECONDS = 20;
const timeoutMs = FAILOVERS * 60_000 + 60_000;
/** Writes in small pieces all the time, so that a worker is always in the middle of something. */
const CHATTER = `while [ ! -e "$OUTPUT/enough" ]; do n=$((n + 1)); echo "line $n"; sleep 0.02; done; eval "$SAVE"`;

interface Failovers {
  /** From the fault until the other worker has stored bytes of the log, seconds. */
  seconds: number[];
  writes: number;
  /** Tables of writes while the lease was another's. */
  stale: string[];
  status: string;
}
let measured: Promise<Failovers> | null = null;

keeps(
  {
    row: 10,
    promise: "failover from a killed or frozen worker, until the other has stored more of the log",
    bar: `≤ ${BAR_SECONDS} s`,
    kind: "measure",
    unavailable: sshdUnavailable,
    timeoutMs,
  },
  async (random) => {
    measured ??= failOver(random);
    const { seconds } = await measured;
    const longest = Math.max(...seconds);
    return {
      figure: `at most ${longest.toFixed(1)} s over ${seconds.length} failovers`,
      isKept: longest <= BAR_SECONDS,
    };
  },
);

keeps(
  {
    row: 10,
    promise: "writes of a worker while the lease was another's, as Postgres saw them",
    bar: "0",
    kind: "count",
    unavailable: sshdUnavailable,
    timeoutMs,
  },
  async (random) => {
    measured ??= failOver(random);
    const { stale, writes, status } = await measured;
    return {
      figure: `${stale.length} of ${writes} writes${stale.length === 0 ? "" : ` (${stale.join(", ")})`}; the run ${status}`,
      isKept: stale.length === 0 && writes > 0 && status === "succeeded",
    };
  },
);

async function failOver(random: Random): Promise<Failovers> {
  const yard = await startWorkerYard();
  const { db } = yard.node;
  try {
    await watchWrites(db.pool);
    const start = async (name: string) => {
      const worker = await yard.start(name);
      await nameWorker(db.pool, name, worker.pid);
    };
    await start("worker-0");
    await start("worker-1");
    const { runId } = await yard.node.startRun(CHATTER);
    await waitUntil(async () => (await storedBytes(yard)) > 0, "the first of the log", 40_000);
    const seconds: number[] = [];
    for (let n = 0; n < FAILOVERS; n++) {
      await delay(random.int(0, 5_000));
      const isKill = n % 2 === 0;
      seconds.push(await failOnce(yard, isKill ? "SIGKILL" : "SIGSTOP"));
      if (isKill) await start(`worker-${n + 2}`);
    }
    const { outputDirectory } = await yard.node.attempt(runId);
    writeFileSync(join(outputDirectory ?? "", "enough"), "");
    await waitUntil(async () => (await yard.node.attempt(runId)).endedAt !== null, "the end", 40_000);
    const { all, stale } = await countWrites(db.pool);
    return { seconds, writes: all, stale, status: (await yard.node.attempt(runId)).status };
  } finally {
    await yard.stop();
  }
}

/** Seconds until the node is in another's hands and its log goes on. A frozen worker wakes up afterwards. */
async function failOnce(yard: WorkerYard, signal: "SIGKILL" | "SIGSTOP"): Promise<number> {
  const lost = await holder(yard);
  if (signal === "SIGSTOP") {
    // It freezes with writes under way, which reach Postgres when it wakes up and another holds the node.
    lost.database.stall();
    await delay(1_000);
  }
  const startedAt = performance.now();
  if (signal === "SIGKILL") await yard.kill(lost);
  else lost.signal(signal);
  await waitUntil(async () => ![null, lost].includes(await yard.holder()), "another holder", 60_000);
  const before = await storedBytes(yard);
  await waitUntil(async () => (await storedBytes(yard)) > before, "more of the log", 60_000);
  const seconds = (performance.now() - startedAt) / 1000;
  if (signal === "SIGSTOP") await wakeUp(lost);
  return seconds;
}

async function wakeUp(frozen: YardWorker): Promise<void> {
  const before = frozen.log().length;
  frozen.signal("SIGCONT");
  frozen.database.resume();
  const said = /lease went to another worker/;
  await waitUntil(() => said.test(frozen.log().slice(before)), "the frozen one to notice", 30_000);
  // What it had under way before has been tried by now, too.
  await delay(2_000);
}

async function holder(yard: WorkerYard): Promise<YardWorker> {
  const found = await yard.holder();
  if (found === null) throw new Error("no worker holds the node");
  return found;
}

async function storedBytes({ node }: WorkerYard): Promise<number> {
  const { rows } = await node.db.pool.query<{ bytes: number }>(
    "SELECT coalesce(sum(length(bytes)), 0)::int AS bytes FROM log_chunk",
  );
  return rows[0]?.bytes ?? 0;
}
