import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openDatabase } from "../../../server/db";
import { isAlive, waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { startTcpProxy } from "../../../server/testing/tcp-proxy";
import { type Client, enter, startSite } from "../../../server/web/live-site";
import { CHATTER, hasWholeLog, terminalEvents, writesOn } from "../lab/chatter";
import { keeps } from "../lab/promise";
import { sized } from "../lab/settings";
import { urlOfWorker } from "../lab/watch-writes";
import { startWorkerYard, type WorkerYard } from "../lab/worker-yard";

const AWAY_SECONDS = sized({ short: 12, long: 60 });
/** The web asks every 5 s and waits 2 s for the answer. */
const MOST_UNTOLD_SECONDS = 10;

keeps(
  {
    row: 19,
    promise: `Postgres away for ${AWAY_SECONDS} s during a run: lines lost, processes started anew, pages that were not told`,
    bar: "0",
    kind: "count",
    unavailable: sshdUnavailable,
    timeoutMs: (AWAY_SECONDS + 180) * 1000,
  },
  async () => {
    const yard = await startWorkerYard();
    try {
      const { toldSeconds, isWhole, isSameWorker, ends, status } = await measure(yard);
      const isTold = toldSeconds <= MOST_UNTOLD_SECONDS;
      return {
        figure: `log ${isWhole ? "equal" : "not equal"}, ${isSameWorker ? "the same worker" : "the worker ended"}, page told after ${toldSeconds.toFixed(1)} s; ${ends} end, ${status}`,
        isKept: isTold && isWhole && isSameWorker && ends === 1 && status === "succeeded",
      };
    } finally {
      await yard.stop();
    }
  },
);

async function measure(yard: WorkerYard) {
  const { node } = yard;
  const { hostname, port } = new URL(node.db.url);
  const ofWeb = await startTcpProxy({ host: hostname, port: Number(port) });
  const db = openDatabase(urlOfWorker(node.db.url, { name: "web", port: ofWeb.port }), { maxConnections: 5 });
  const site = await startSite({ db, dataDirectory: yard.dataDirectory("one") });
  try {
    const worker = await yard.start("one");
    const { runId } = await node.startRun(CHATTER);
    await waitUntil(
      async () => (await node.attempts(runId))[0]?.status === "running",
      "the training",
      60_000,
    );
    const { id: attemptId, directory, outputDirectory } = await node.attempt(runId);
    const run = { runId, attemptId, directory: directory ?? "", output: outputDirectory ?? "" };
    const page = await site.viewer();
    await enter(page, `run:${runId}`);
    const links = [worker.database, ofWeb];
    const awayAt = performance.now();
    for (const link of links) {
      link.setRefusing(true);
      link.cutNow();
    }
    await told(page, false);
    const toldSeconds = (performance.now() - awayAt) / 1000;
    await delay(Math.max(0, AWAY_SECONDS * 1000 - (performance.now() - awayAt)));
    await writesOn(run);
    for (const link of links) link.setRefusing(false);
    await told(page, true);
    writeFileSync(join(run.output, "enough"), "");
    await waitUntil(async () => (await node.attempt(runId)).endedAt !== null, "the end", 90_000);
    return {
      toldSeconds,
      isWhole: await hasWholeLog(node, run),
      isSameWorker: isAlive(worker.pid),
      ends: await terminalEvents(node, run),
      status: (await node.attempt(runId)).status,
    };
  } finally {
    await site.stop();
    await db.close();
    await ofWeb.stop();
  }
}

/** Waits for the page to hear that the database can be reached, or cannot. */
function told(page: Client, isAvailable: boolean): Promise<void> {
  return new Promise((resolve) => {
    page.on("link", (state) => {
      if (state.isDatabaseAvailable === isAvailable) resolve();
    });
  });
}
