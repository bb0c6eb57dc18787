import { existsSync } from "node:fs";
import { join } from "node:path";
import { waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { type LiveNode, processesOf, startLiveNode } from "../lab/live-node";
import { keeps } from "../lab/promise";
import { sized } from "../lab/settings";

const COOPERATIVE = `trap "exit 143" TERM; : >"$OUTPUT/ready"; while :; do sleep 0.1; done`;
/** A parent and a grandchild in a session of its own, both deaf to TERM. */
const STUBBORN = `trap "" TERM
(setsid sh -c 'trap "" TERM; : >"$OUTPUT/ready"; while :; do sleep 1; done' &)
while :; do sleep 1; done`;
const GRACE_SECONDS = 10;
const STOPS = sized({ short: 1, long: 20 });
const ofNode = { row: 11, unavailable: sshdUnavailable, timeoutMs: sized({ short: 120_000, long: 900_000 }) };

interface Stopped {
  cooperativeMs: number[];
  stubbornMs: number[];
  /** Processes that were there when the page said that the run has ended. */
  left: number;
}
let stopped: Promise<Stopped> | null = null;
/** One set of stops for both promises. */
const stops = () => {
  stopped ??= measure();
  return stopped;
};

keeps(
  { ...ofNode, promise: "stop: processes left on the node when it is told as done", bar: "0", kind: "count" },
  async () => {
    const { left, cooperativeMs, stubbornMs } = await stops();
    return {
      figure: `${left} left; stops: ${cooperativeMs.length} cooperative, ${stubbornMs.length} deaf to TERM with a grandchild in another session`,
      isKept: left === 0,
    };
  },
);

keeps(
  {
    ...ofNode,
    promise: "stop to no process on the node: cooperative / ignoring TERM with 10 s grace",
    bar: "≤ 3 s / ≤ 15 s",
    kind: "measure",
  },
  async () => {
    const { cooperativeMs, stubbornMs } = await stops();
    const slowest = [Math.max(...cooperativeMs), Math.max(...stubbornMs)] as const;
    const [cooperative, stubborn] = slowest.map((ms) => `${(ms / 1000).toFixed(1)} s`);
    return {
      figure: `slowest of ${STOPS} each: ${cooperative} / ${stubborn}`,
      isKept: slowest[0] <= 3_000 && slowest[1] <= 15_000,
    };
  },
);

async function measure(): Promise<Stopped> {
  const live = await startLiveNode();
  try {
    const found: Stopped = { cooperativeMs: [], stubbornMs: [], left: 0 };
    for (let n = 0; n < STOPS; n += 1) {
      const [cooperative, stubborn] = await Promise.all([
        stopOnce(live, COOPERATIVE),
        stopOnce(live, STUBBORN),
      ]);
      found.cooperativeMs.push(cooperative.ms);
      found.stubbornMs.push(stubborn.ms);
      found.left += cooperative.left + stubborn.left;
    }
    return found;
  } finally {
    await live.stop();
  }
}

/** Milliseconds from the click to the moment in which /proc knows nothing of the attempt any more. */
async function stopOnce(live: LiveNode, program: string): Promise<{ ms: number; left: number }> {
  const { runId, attemptId, output } = await live.start(program);
  await waitUntil(() => existsSync(join(output, "ready")), "the training to be ready");
  if (processesOf(attemptId).length < 2) throw new Error("the training and its supervisor are not found");
  const clickedAt = performance.now();
  await live.clickStop(runId, GRACE_SECONDS);
  const isGone = waitUntil(() => processesOf(attemptId).length === 0, "no process of the attempt", 60_000);
  const [ms, left] = await Promise.all([
    isGone.then(() => performance.now() - clickedAt),
    live.ends(runId).then(() => processesOf(attemptId).length),
  ]);
  const { status } = await live.node.attempt(runId);
  if (status !== "cancelled") throw new Error(`a stopped run is told as ${status}`);
  return { ms, left };
}
