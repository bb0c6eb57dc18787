import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { Breakage, Deck } from "../lab/breakage";
import { Crowd, type SeenAttempt } from "../lab/crowd";
import { startOwnPostgres } from "../lab/own-postgres";
import { endOnNode, type PlannedEnd, planEnd, startsOnNode } from "../lab/planned-ends";
import { keeps } from "../lab/promise";
import { type Random, seededRandom } from "../lab/random";
import { sized } from "../lab/settings";
import { readEnds, type WatchedEnds, watchEnds } from "../lab/watch-ends";
import { startWorkerYard, type WorkerYard } from "../lab/worker-yard";

const ATTEMPTS = sized({ short: 40, long: 1_000 });
const NODES = sized({ short: 2, long: 6 });
const GPUS = 10;
/** Between two faults. A link that breaks every few seconds is dialled at longer and longer intervals, and nothing moves. */
const QUIET_MS = sized({ short: 1_000, long: 4_000 });
const MOST_FAULTS = sized({ short: 6, long: 500 });
const MOST_MS = sized({ short: 180_000, long: 1_200_000 });
const FAULTS = [
  "cutAfterAnyByte",
  "cutAfterAnyByte",
  "cut",
  "refuse",
  "stall",
  "killSshSessions",
  "killSshd",
  "killWorker",
  "killWorker",
  "freezeWorker",
  "freezeWorkerPastItsLease",
  "freezeWorkerInTheAct",
  "freezeWorkerInTheAct",
  "cutDatabaseAfterAnyByte",
  "cutDatabaseAfterAnyByte",
  "terminateConnections",
  "killBackend",
  "killPostgres",
] as const;

keeps(
  {
    row: 4,
    promise: `attempts without exactly one terminal event, with an end that changed, or with another than the node's, of ${ATTEMPTS} under faults`,
    bar: "0",
    kind: "count",
    unavailable: sshdUnavailable,
    timeoutMs: MOST_MS + 60_000,
  },
  async (random) => {
    const postgres = await startOwnPostgres();
    const yard = await startWorkerYard({ gpuCount: GPUS, nodeCount: NODES });
    try {
      await watchEnds(yard.node.db.pool);
      const plans = Array.from({ length: ATTEMPTS }, (_, index) => planEnd(index, random));
      const crowd = new Crowd({ yard, plans, gpuCount: GPUS });
      const breakage = new Breakage({ yard, postgres }, seededRandom("terminal events: faults"));
      await breakage.begin();
      const [faults] = await Promise.all([
        throwFaults(breakage, crowd, seededRandom("terminal events: deck")),
        crowd.run({ timeoutMs: MOST_MS }),
      ]);
      const { wrong, count } = await judge(yard, crowd, plans);
      wrong.push(...breakage.problems());
      return {
        figure: `${wrong.length} of ${count}, ${faults} faults${wrong.length === 0 ? "" : `: ${wrong.slice(0, 3).join("; ")}`}`,
        isKept: wrong.length === 0 && count >= ATTEMPTS,
      };
    } finally {
      await yard.stop();
      await postgres.stop();
    }
  },
);

/** One after the other, from when the first training began until the last attempt has ended. Returns how many. */
async function throwFaults(breakage: Breakage, crowd: Crowd, random: Random): Promise<number> {
  const deck = new Deck(FAULTS, random);
  let faults = 0;
  await waitUntil(() => crowd.isUnderWay() || crowd.isOver, "the first training", 60_000);
  for (; faults < MOST_FAULTS && !crowd.isOver; faults += 1) {
    await breakage[deck.draw()]();
    await breakage.replaceDeserters();
    await delay(random.int(QUIET_MS / 2, (QUIET_MS * 3) / 2));
  }
  console.log(`faults: ${deck.text()}`);
  return faults;
}

/** What is wrong, an attempt each. */
async function judge(
  { node, nodes }: WorkerYard,
  crowd: Crowd,
  plans: readonly PlannedEnd[],
): Promise<{ wrong: string[]; count: number }> {
  const watched = new Map((await readEnds(node.db.pool)).map((ends) => [ends.attemptId, ends]));
  const attempts = await crowd.all();
  const wrong = attempts.flatMap((attempt) => {
    const home = nodes.find(({ nodeId }) => nodeId === attempt.nodeId)?.facts.workDirectory ?? "";
    const said = whatIsWrong(attempt, {
      // One that was never sent has no directory in the database, and its end on the node all the same.
      directory: attempt.directory ?? join(home, "attempts", attempt.attemptId),
      planned: plans[attempt.plan],
      first: crowd.told.get(attempt.attemptId),
      ends: watched.get(attempt.attemptId),
    });
    return said.length === 0 ? [] : [`${plans[attempt.plan]?.name}: ${said.join(", ").slice(0, 400)}`];
  });
  return { wrong, count: attempts.length };
}

interface Known {
  directory: string;
  planned: PlannedEnd | undefined;
  /** As it was told first. */
  first: SeenAttempt | undefined;
  ends: WatchedEnds | undefined;
}

function whatIsWrong(attempt: SeenAttempt, { directory, planned, first, ends }: Known): string[] {
  const said: string[] = [];
  if (ends?.events !== 1 || ends.toldEvents !== 1) said.push(`${ends?.events} terminal events`);
  if (ends?.told !== 1) said.push(`told as ended ${ends?.told} times`);
  const [change, ...more] = ends?.changes ?? [];
  if (change !== undefined) said.push(`changed ${more.length + 1} times: ${change}`);
  if (JSON.stringify(first) !== JSON.stringify(attempt)) said.push(`first told as ${JSON.stringify(first)}`);
  const { exitStatus, exitWhy, status, reason } = attempt;
  const told = `told as ${status} (${exitStatus}, ${exitWhy}: ${reason})`;
  const onNode = endOnNode(directory);
  if (onNode?.exitStatus !== exitStatus || onNode?.exitWhy !== exitWhy)
    said.push(`${told} and on the node ${JSON.stringify(onNode)}`);
  const isPlanned = planned?.accepts.some(
    (end) => end.exitStatus === exitStatus && end.exitWhy === exitWhy && end.status === status,
  );
  if (!isPlanned) said.push(told);
  const starts = startsOnNode(directory);
  if (starts > 1 || (starts === 0 && planned?.stop !== "early")) said.push(`started ${starts} times`);
  return said;
}
