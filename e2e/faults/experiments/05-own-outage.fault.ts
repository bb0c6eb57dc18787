import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AttemptRow } from "../../../server/testing/attempt-node";
import { waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { type OwnPostgres, startOwnPostgres } from "../lab/own-postgres";
import { keeps } from "../lab/promise";
import { sized } from "../lab/settings";
import { shiftTime } from "../lab/shift-time";
import { startWorkerYard, type WorkerYard } from "../lab/worker-yard";

/** Seconds that the database and the node's files are set back by, as if we had been away for so long. */
const LENGTHS = sized({ short: [86_400 * 30], long: [60, 3_600, 86_400, 86_400 * 30, 86_400 * 365 * 2] });
/** How each training ends: by itself while we are away, or afterwards. Status, exit status. */
const TRAININGS = [
  { name: "ends well meanwhile", isAway: true, code: 0, status: "succeeded" },
  { name: "fails meanwhile", isAway: true, code: 3, status: "failed" },
  { name: "goes on, and ends well", isAway: false, code: 0, status: "succeeded" },
  { name: "goes on, and fails", isAway: false, code: 4, status: "failed" },
] as const;
type Training = (typeof TRAININGS)[number];

const programOf = ({ code }: Training) =>
  `echo started; while [ ! -e "$OUTPUT/enough" ]; do sleep 0.1; done; eval "$SAVE"; exit ${code}`;

keeps(
  {
    row: 5,
    promise: "runs failed or killed by our own outage of any length, worker and Postgres killed",
    bar: "0",
    kind: "count",
    unavailable: sshdUnavailable,
    timeoutMs: LENGTHS.length * 120_000,
  },
  async () => {
    const postgres = await startOwnPostgres();
    const yard = await startWorkerYard({ gpuCount: TRAININGS.length });
    try {
      const wrong: string[] = [];
      for (const seconds of LENGTHS) wrong.push(...(await goAway({ yard, postgres, seconds })));
      const runs = LENGTHS.length * TRAININGS.length;
      const longest = Math.max(...LENGTHS) / 86_400;
      return {
        figure: `${wrong.length} of ${runs} runs, away for up to ${longest} days${wrong.length > 0 ? `: ${wrong.join("; ")}` : ""}`,
        isKept: wrong.length === 0,
      };
    } finally {
      await yard.stop();
      await postgres.stop();
    }
  },
);

interface Outage {
  yard: WorkerYard;
  postgres: OwnPostgres;
  seconds: number;
}

/** What became of a run through no fault of its own. */
async function goAway({ yard, postgres, seconds }: Outage): Promise<string[]> {
  const { node } = yard;
  const worker = await yard.start("one");
  const started: { training: Training; runId: string }[] = [];
  for (const training of TRAININGS)
    started.push({ training, runId: (await node.startRun(programOf(training))).runId });
  const attempts = () => Promise.all(started.map(({ runId }) => node.attempts(runId)));
  const areAll = async (accepts: (attempt: AttemptRow) => boolean) =>
    (await attempts()).every(([attempt]) => attempt !== undefined && accepts(attempt));
  await waitUntil(() => areAll(({ status }) => status === "running"), "all to run", 60_000);
  const directories = (await attempts()).map(([attempt]) => attempt?.directory ?? "");
  const pids = directories.map(trainingOf);
  const finish = async (isAway: boolean) => {
    for (const [index, [attempt]] of (await attempts()).entries())
      if (started[index]?.training.isAway === isAway)
        writeFileSync(join(attempt?.outputDirectory ?? "", "enough"), "");
  };
  await finish(true);
  await yard.kill(worker);
  await postgres.kill();
  const hasExit = (directory: string) => canRead(join(directory, "exit"));
  const ofAway = directories.filter((_, index) => started[index]?.training.isAway);
  await waitUntil(() => ofAway.every(hasExit), "the end of those that end meanwhile");
  await postgres.start();
  await shiftTime(node.db.pool, { seconds, directories });
  const backAt = performance.now();
  const again = await yard.start("one");
  await waitUntil(
    async () => (await attempts()).filter(([attempt]) => attempt?.endedAt != null).length >= ofAway.length,
    "the results of what ended meanwhile",
  );
  const tookMs = performance.now() - backAt;
  const killed = directories.filter(
    (directory, index) => !ofAway.includes(directory) && hasDied(pids[index]),
  );
  await finish(false);
  await waitUntil(() => areAll(({ endedAt }) => endedAt !== null), "all ends", 60_000);
  const told: string[] = killed.map((directory) => `${directory} was killed`);
  for (const { training, runId } of started) {
    const [attempt, ...more] = await node.attempts(runId);
    const isRight = attempt?.status === training.status && attempt.exitStatus === training.code;
    if (!isRight || more.length > 0)
      told.push(`${training.name}: ${attempt?.status} (${attempt?.reason}), ${1 + more.length} attempts`);
  }
  if (tookMs > 20_000) told.push(`the results came ${Math.round(tookMs / 1000)} s after the start`);
  await yard.kill(again);
  return told;
}

function trainingOf(directory: string): number {
  return Number(/ pid=(\d+)/.exec(readFileSync(join(directory, "child"), "utf8"))?.[1]);
}

function hasDied(pid: number | undefined): boolean {
  return pid === undefined || !canRead(`/proc/${pid}/stat`);
}

function canRead(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
