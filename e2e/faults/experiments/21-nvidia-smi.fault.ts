import { chmodSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { TELEMETRY_FIELDS, type TelemetryTick } from "../../../server/contracts/telemetry";
import { createLogger } from "../../../server/log";
import { type AttemptNode, startAttemptNode, type TestWorker } from "../../../server/testing/attempt-node";
import {
  createFakeNvidiaSmi,
  type FakeMode,
  type FakeNvidiaSmi,
} from "../../../server/testing/fake-nvidia-smi";
import { isAlive, killIfThere, waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { startTelemetry } from "../../../server/worker/telemetry";
import { CHATTER, hasWholeLog, sayEnough, writesOn } from "../lab/chatter";
import type { StartedRun } from "../lab/live-node";
import { keeps } from "../lab/promise";
import { sized } from "../lab/settings";

/** What nvidia-smi does, and how many readings each start of it prints before. */
const FAULTS = [
  ["hangs", 2],
  ["hangs at once", 0],
  ["stops itself", 1],
  ["missing", 0],
  ["not available", 0],
  ["mismatch", 0],
  ["garbage", 0],
] as const satisfies readonly (readonly [FakeMode | "missing", number])[];
const WATCH_MS = sized({ short: 1_500, long: 60_000 });
/** Ten times as fast as on a real node. */
const TICK_SECONDS = 0.1;
const MEMORY = TELEMETRY_FIELDS.indexOf("memoryUsedMiB");

keeps(
  {
    row: 21,
    promise: "nvidia-smi hangs, stops, is missing, answers [N/A], garbage or a driver mismatch during a run",
    bar: "the log goes on, at most 1 reader on the node, a gap and no flat line",
    kind: "count",
    unavailable: sshdUnavailable,
    timeoutMs: sized({ short: 120_000, long: 900_000 }),
  },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "trainyard-smi-"));
    chmodSync(directory, 0o755);
    const smi = createFakeNvidiaSmi(directory, "good");
    const config = [`SetEnv PATH=${smi.directory}:/usr/local/bin:/usr/bin:/bin`];
    const node = await startAttemptNode({ config });
    try {
      return await tryAll(node, smi);
    } finally {
      await node.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  },
);

async function tryAll(node: AttemptNode, smi: FakeNvidiaSmi) {
  const worker = await node.worker();
  const chat = await startChat(node, worker);
  const wrong: string[] = [];
  let mostReaders = 0;
  const ingest = worker.until(
    async () => (await node.attempt(chat.runId)).endedAt !== null,
    "the end",
    800_000,
  );
  for (const [fault, readings] of FAULTS) {
    const seen = await watch({ node, worker, smi, chat, fault });
    mostReaders = Math.max(mostReaders, seen.readers);
    if (seen.flat > readings * seen.starts)
      wrong.push(`${fault}: ${seen.flat} values of ${readings * seen.starts} readings`);
    if (seen.gaps === 0) wrong.push(`${fault}: no gap`);
    if (!seen.hasIngested) wrong.push(`${fault}: the log stood still`);
  }
  sayEnough(chat);
  await ingest;
  const { status } = await node.attempt(chat.runId);
  const isWhole = await hasWholeLog(node, chat);
  return {
    figure: `${FAULTS.length} faults, at most ${mostReaders} reader, run ${status}, log ${isWhole ? "equal" : "differs"}${wrong.length > 0 ? `; ${wrong.join("; ")}` : ""}`,
    isKept: wrong.length === 0 && mostReaders === 1 && status === "succeeded" && isWhole,
  };
}

async function startChat(node: AttemptNode, worker: TestWorker): Promise<StartedRun> {
  const { runId } = await node.startRun(CHATTER);
  const isRunning = async () => (await node.attempts(runId)).at(-1)?.status === "running";
  await worker.until(isRunning, "the run to be shown as running");
  const { id, directory, outputDirectory } = await node.attempt(runId);
  return { runId, attemptId: id, directory: directory ?? "", output: outputDirectory ?? "" };
}

interface Watched {
  /** Ticks with a value of a GPU, which only a reading may have given. */
  flat: number;
  /** Ticks of the node without one. */
  gaps: number;
  readers: number;
  starts: number;
  hasIngested: boolean;
}

/** A healthy reader first, which the fault takes away. */
async function watch(on: {
  node: AttemptNode;
  worker: TestWorker;
  smi: FakeNvidiaSmi;
  chat: StartedRun;
  fault: FakeMode | "missing";
}): Promise<Watched> {
  const { node, worker, smi, chat, fault } = on;
  const program = join(smi.directory, "nvidia-smi");
  const ticks: TelemetryTick[] = [];
  smi.setMode("good");
  const telemetry = startTelemetry({
    connection: await worker.connect(),
    nodeId: node.nodeId,
    workDirectory: node.facts.workDirectory,
    lease: await worker.lease(),
    db: node.db,
    onTick: (tick) => ticks.push(tick),
    log: createLogger("faults", "fatal"),
    tickSeconds: TICK_SECONDS,
  });
  await waitUntil(() => ticks.some(hasValue), "a reading of a GPU");
  if (fault === "missing") renameSync(program, `${program}.away`);
  else smi.setMode(fault);
  const startsBefore = smi.started().length;
  for (const pid of smi.started().filter(isReader)) killIfThere(pid);
  await waitUntil(() => !smi.started().some(isReader), "the healthy reader to end");
  const from = ticks.length + 1;
  const storedBefore = (await node.storedLog(chat.attemptId)).length;
  const seen = { readers: 0 };
  for (const until = performance.now() + WATCH_MS; performance.now() < until; await delay(50))
    seen.readers = Math.max(seen.readers, smi.started().filter(isReader).length);
  await writesOn(chat);
  const hasIngested = (await node.storedLog(chat.attemptId)).length > storedBefore;
  const during = ticks.slice(from);
  const starts = smi.started().length - startsBefore;
  await telemetry.stop();
  if (fault === "missing") renameSync(`${program}.away`, program);
  await waitUntil(() => !smi.started().some(isReader), "every reader to end");
  const flat = during.filter(hasValue).length;
  return { flat, gaps: during.length - flat, readers: seen.readers, starts, hasIngested };
}

/** Numbers of processes come again, sooner than one would think. */
const isReader = (pid: number) => isAlive(pid, "nvidia-smi");
const hasValue = (tick: TelemetryTick) => (tick.values[MEMORY] ?? []).some((value) => value !== null);
