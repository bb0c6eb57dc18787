import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { hintOf, type Site, startSite } from "../../../server/web/live-site";
import { keeps } from "../lab/promise";
import { sized } from "../lab/settings";

/** An hour at 1 MB/s, as fast as it goes. */
const BYTES = sized({ short: 60_000_000, long: 3_600_000_000 });
const PIECE_BYTES = 16_000;
const MOST_GROWTH_MB = 2;

keeps(
  {
    row: 16,
    promise: `a browser that is frozen while ${BYTES / 1_000_000} MB of log go to it`,
    bar: `≤ ${MOST_GROWTH_MB} MB growth, then everything it needs to go on`,
    kind: "measure",
    timeoutMs: sized({ short: 120_000, long: 1_200_000 }),
  },
  async () => {
    const site = await startSite();
    const tab = openTab(site);
    try {
      await once(tab, "message");
      const send = sender({ runId: site.runId, worker: await site.startWorker() });
      // What the first messages build up once is not the frozen tab's.
      await send(sized({ short: 15_000_000, long: 60_000_000 }));
      const before = await held();
      tab.kill("SIGSTOP");
      await send(BYTES);
      const after = await held();
      const grownMb = after.ownMb - before.ownMb;
      const residentMb = after.residentMb - before.residentMb;
      tab.kill("SIGCONT");
      const isCaughtUp = await goesOn(tab, send);
      return {
        figure: `${signed(grownMb)} MB (resident ${signed(residentMb)} MB); ${isCaughtUp ? "told of the newest byte once awake" : "not told of the newest byte"}`,
        isKept: grownMb <= MOST_GROWTH_MB && isCaughtUp,
      };
    } finally {
      tab.kill("SIGKILL");
      await site.tidy();
      await site.stop();
    }
  },
);

function openTab({ origin, runId, token }: Site): ChildProcess {
  return fork(join(process.cwd(), "e2e/faults/lab/viewers.mjs"), [origin, `run:${runId}`, token]);
}

/** Hints with bytes, from the worker's end of the link, 14 MB a second. Returns how to send so many; that returns the log's end. */
function sender({ runId, worker }: { runId: string; worker: Awaited<ReturnType<Site["startWorker"]>> }) {
  const bytes = Buffer.alloc(PIECE_BYTES, "x");
  let end = 0;
  return async (total: number): Promise<number> => {
    for (let sent = 0; sent < total; sent += PIECE_BYTES) {
      const tail = { offset: end, bytes };
      end += PIECE_BYTES;
      worker.server.emit("files", { hints: [{ ...hintOf(runId), offset: end, tail }] });
      await delay(1);
    }
    await delay(1_000);
    return end;
  };
}

const TRIES = 20;

/** Whether the tab, which may have lost its socket by then, hears of the newest byte of a log that goes on. */
async function goesOn(tab: ChildProcess, send: (total: number) => Promise<number>): Promise<boolean> {
  for (let triesLeft = TRIES; triesLeft > 0; triesLeft -= 1) {
    const end = await send(PIECE_BYTES);
    tab.send("count");
    const [seen] = (await once(tab, "message")) as [{ end: number }];
    if (seen.end === end) return true;
  }
  return false;
}

const collectGarbage = (() => {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
})();

interface Held {
  /** Heap and what lies outside of it, buffers among them. */
  ownMb: number;
  residentMb: number;
}

const SAMPLES = 9;
const BETWEEN_SAMPLES_MS = 100;

/** What stays when everything that may go has gone: the median of some looks, each after what was under way could end. */
async function held(): Promise<Held> {
  const own: number[] = [];
  const resident: number[] = [];
  for (let count = 0; count < SAMPLES; count += 1) {
    // What the first collection finalises, sweeps or unlinks is freed by the second.
    collectGarbage();
    await delay(BETWEEN_SAMPLES_MS);
    collectGarbage();
    const { heapUsed, external, rss } = process.memoryUsage();
    own.push(heapUsed + external);
    resident.push(rss);
  }
  return { ownMb: median(own) / 1_000_000, residentMb: median(resident) / 1_000_000 };
}

function median(values: number[]): number {
  return values.sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const signed = (value: number) => `${value < 0 ? "−" : "+"} ${Math.abs(value).toFixed(2)}`;
