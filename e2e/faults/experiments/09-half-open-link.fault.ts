import { setTimeout as delay } from "node:timers/promises";
import { getNode } from "../../../server/nodes";
import { waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { keeps } from "../lab/promise";
import type { Random } from "../lab/random";
import { sized } from "../lab/settings";
import { startWorkerYard, type WorkerYard } from "../lab/worker-yard";

const LINKS = sized({ short: 1, long: 10 });
const BAR_SECONDS = 20;
/** Contact is recorded every 5 s, and a busy machine needs its time. */
const AGE_TOLERANCE_MS = 8_000;

keeps(
  {
    row: 9,
    promise: "half-open link noticed, and shown as unreachable with its age",
    bar: `≤ ${BAR_SECONDS} s`,
    kind: "measure",
    unavailable: sshdUnavailable,
    timeoutMs: LINKS * 80_000 + 60_000,
  },
  async (random) => {
    const yard = await startWorkerYard();
    try {
      await yard.start("one");
      const seconds: number[] = [];
      for (let n = 0; n < LINKS; n++) seconds.push(await stallOnce(yard, random));
      const longest = Math.max(...seconds);
      return {
        figure: `at most ${longest.toFixed(1)} s over ${seconds.length} links`,
        isKept: longest <= BAR_SECONDS,
      };
    } finally {
      await yard.stop();
    }
  },
);

/** Seconds from the last byte until pages say so. Both ends of the connection stay open all the time. */
async function stallOnce(yard: WorkerYard, random: Random): Promise<number> {
  const { ctx, nodeId, proxy } = yard.node;
  const node = () => getNode({ ctx, input: { id: nodeId } });
  await waitUntil(async () => (await node()).status === "online", "the node online", 60_000);
  await delay(6_000 + random.int(0, 5_000));
  const stalledAt = Date.now();
  proxy.stall();
  try {
    await waitUntil(async () => (await node()).status === "unreachable", "unreachable", 60_000);
    const seconds = (Date.now() - stalledAt) / 1000;
    const { lastContactAt, statusMessage } = await node();
    const contactAt = Date.parse(lastContactAt ?? "");
    // Not a number when there is no age to show.
    if (!(Math.abs(contactAt - stalledAt) < AGE_TOLERANCE_MS)) {
      throw new Error(`silent since ${new Date(stalledAt).toISOString()}, shown as ${lastContactAt}`);
    }
    if (statusMessage === null) throw new Error("unreachable without a reason");
    return seconds;
  } finally {
    proxy.resume();
    proxy.cutNow();
  }
}
