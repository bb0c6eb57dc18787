import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { insertRun } from "../../../server/testing/test-training";
import { sha256 } from "../lab/compare";
import { type Fleet, startFleet } from "../lab/fleet";
import { keeps } from "../lab/promise";
import type { Random } from "../lab/random";
import { sized } from "../lab/settings";

const NODES = sized({ short: 10, long: 50 });
const ATTEMPTS_EACH = 4;
const ATTEMPTS = NODES * ATTEMPTS_EACH;
const BAR_SECONDS = 5;
const RESTARTS = sized({ short: 1, long: 3 });
const timeoutMs = sized({ short: 180_000, long: 900_000 });
/** Writes a line now and then; the first word of `enough` says how it ends. Two hundred of it must cost next to nothing. */
const TRAINING = `n=0
until [ -e "$OUTPUT/enough" ]; do n=$((n + 1)); echo "line $n of a training"; sleep 2; done
read -r how <"$OUTPUT/enough"
case $how in
  save) eval "$SAVE" ;;
  fail) echo "the last line of a failure"; exit 3 ;;
  die) kill -KILL $$ ;;
esac`;

/** Between two looks at the database, which is busy enough. */
const LOOK_EVERY_MS = 100;

/** How each attempt may be told to have ended. */
const ENDS = {
  save: { status: "succeeded", exitStatus: 0 },
  fail: { status: "failed", exitStatus: 3 },
  die: { status: "failed", exitStatus: 137 },
} as const;
type End = keyof typeof ENDS;
const WAYS = ["save", "fail", "die"] as const satisfies [End, ...End[]];

interface Restarted {
  /** From the start of the process until everything is told as it is, each time. */
  seconds: number[];
  wrong: string[];
}
let measured: Promise<Restarted> | null = null;

keeps(
  {
    row: 8,
    promise: `worker killed and started again, until all is told as it is, ${NODES} nodes × ${ATTEMPTS_EACH} attempts`,
    bar: `≤ ${BAR_SECONDS} s`,
    kind: "measure",
    unavailable: sshdUnavailable,
    timeoutMs,
  },
  async (random) => {
    measured ??= restartAll(random);
    const { seconds } = await measured;
    const longest = Math.max(...seconds);
    return {
      figure: `at most ${longest.toFixed(1)} s (${seconds.map((each) => each.toFixed(1)).join(", ")})`,
      isKept: longest <= BAR_SECONDS,
    };
  },
);

keeps(
  {
    row: 8,
    promise: "attempts told wrongly after the restart, some of which ended meanwhile",
    bar: "0",
    kind: "count",
    unavailable: sshdUnavailable,
    timeoutMs,
  },
  async (random) => {
    measured ??= restartAll(random);
    const { wrong } = await measured;
    return {
      figure: `${wrong.length} of ${ATTEMPTS}${wrong.length > 0 ? `: ${wrong.slice(0, 5).join("; ")}` : ""}`,
      isKept: wrong.length === 0,
    };
  },
);

interface Attempt {
  id: string;
  directory: string;
  outputDirectory: string;
  /** How it was told to end; null: it goes on. */
  end: End | null;
}

async function restartAll(random: Random): Promise<Restarted> {
  const fleet = await startFleet({ nodeCount: NODES, gpuCount: ATTEMPTS_EACH });
  try {
    let worker = await fleet.startWorker();
    const attempts = await startAttempts(fleet);
    const seconds: number[] = [];
    for (let n = 0; n < RESTARTS; n++) {
      worker.signal("SIGKILL");
      await worker.ended;
      await whileAway(attempts, random);
      const sizes = new Map(attempts.map((attempt) => [attempt.id, logSize(attempt)]));
      const startedAt = performance.now();
      const startedOn = new Date();
      worker = await fleet.startWorker();
      await waitUntil(() => isAllTold(fleet, { attempts, sizes, since: startedOn }), "the truth", 60_000);
      seconds.push((performance.now() - startedAt) / 1000);
    }
    for (const attempt of attempts) if (attempt.end === null) end(attempt, random);
    const hasEnded = async () => (await fleet.db.prisma.attempt.count({ where: { endedAt: null } })) === 0;
    await waitUntil(hasEnded, "all ends", 120_000);
    return { seconds, wrong: await findWrong(fleet, attempts) };
  } finally {
    await fleet.stop();
  }
}

async function startAttempts({ db, nodeIds }: Fleet): Promise<Attempt[]> {
  for (const nodeId of nodeIds)
    for (let n = 0; n < ATTEMPTS_EACH; n++) await insertRun(db, nodeId, { program: TRAINING });
  const where = { status: "running" };
  await waitUntil(
    async () => (await db.prisma.attempt.count({ where })) === ATTEMPTS,
    "all to run",
    timeoutMs / 2,
  );
  const rows = await db.prisma.attempt.findMany({ where, orderBy: { id: "asc" } });
  return rows.map(({ id, directory, outputDirectory }) => {
    if (directory === null || outputDirectory === null) throw new Error(`${id} runs nowhere`);
    return { id, directory, outputDirectory, end: null };
  });
}

function end(attempt: Attempt, random: Random): void {
  attempt.end = random.pick(WAYS);
  writeFileSync(join(attempt.outputDirectory, "enough"), `${attempt.end}\n`);
}

/** A share of those that go on ends, each in a way of its own, and the others write on. */
async function whileAway(attempts: readonly Attempt[], random: Random): Promise<void> {
  const before = new Map(attempts.map((attempt) => [attempt.id, logSize(attempt)]));
  const goingOn = attempts.filter((attempt) => attempt.end === null);
  for (const attempt of goingOn) if (random.chance(0.3)) end(attempt, random);
  const isAsWanted = (attempt: Attempt) =>
    attempt.end === null
      ? logSize(attempt) > (before.get(attempt.id) ?? 0)
      : statSync(join(attempt.directory, "exit"), { throwIfNoEntry: false }) !== undefined;
  await waitUntil(() => attempts.every(isAsWanted), "a share to end and the others to write on", 60_000);
}

function logSize({ directory }: Attempt): number {
  return statSync(join(directory, "training.log")).size;
}

interface Told {
  id: string;
  status: string;
  exitStatus: number | null;
  isSupervised: boolean;
  hasEnded: boolean;
  isNodeFresh: boolean;
  storedBytes: number;
}

/** Every end with its kind, every other as running on a node that was heard of, and every log to its newest byte. */
async function isAllTold(
  { db }: Fleet,
  { attempts, sizes, since }: { attempts: readonly Attempt[]; sizes: Map<string, number>; since: Date },
): Promise<boolean> {
  await delay(LOOK_EVERY_MS);
  const { rows } = await db.pool.query<Told>(
    `SELECT a.id, a.status, a."exitStatus", a."isSupervised", a."endedAt" IS NOT NULL AS "hasEnded",
       n.status = 'online' AND n."lastContactAt" >= $1 AS "isNodeFresh",
       coalesce((SELECT sum(f."offset") FROM node_file f WHERE f."attemptId" = a.id AND f.path = 'training.log'), 0)::float8
         AS "storedBytes"
     FROM attempt a JOIN placement p ON p."attemptId" = a.id JOIN node n ON n.id = p."nodeId"`,
    [since],
  );
  const told = new Map(rows.map((row) => [row.id, row]));
  return attempts.every((attempt) => {
    const row = told.get(attempt.id);
    if (row === undefined || row.storedBytes < (sizes.get(attempt.id) ?? 0) || !row.isNodeFresh) return false;
    if (attempt.end === null) return row.status === "running" && row.isSupervised && !row.hasEnded;
    return row.hasEnded;
  });
}

/** Attempts whose end, number of ends, or log is not what is so on their node. */
async function findWrong({ db }: Fleet, attempts: readonly Attempt[]): Promise<string[]> {
  const rows = await db.prisma.attempt.findMany({
    include: { _count: { select: { events: { where: { isTerminal: true } } } } },
  });
  const { rows: logs } = await db.pool.query<{ id: string; bytes: Buffer }>(
    `SELECT f."attemptId" AS id, string_agg(c.bytes, ''::bytea ORDER BY f.generation, c."offset") AS bytes
     FROM log_chunk c JOIN node_file f ON f.id = c.file_id WHERE f.path = 'training.log' GROUP BY 1`,
  );
  const wrong = rows.length === attempts.length ? [] : [`${rows.length} attempts in all`];
  for (const attempt of attempts) {
    const row = rows.find(({ id }) => id === attempt.id);
    const stored = logs.find(({ id }) => id === attempt.id)?.bytes ?? Buffer.alloc(0);
    const { status, exitStatus } = ENDS[attempt.end ?? "save"];
    const isEndRight = row?.status === status && row.exitStatus === exitStatus && row._count.events === 1;
    const isLogRight = sha256(stored) === sha256(readFileSync(join(attempt.directory, "training.log")));
    if (isEndRight && isLogRight) continue;
    wrong.push(
      `${attempt.end} told as ${row?.status} (${row?.reason})${isLogRight ? "" : ", its log is another"}`,
    );
  }
  return wrong;
}
