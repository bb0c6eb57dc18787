import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import type { Socket } from "socket.io-client";
import { isAlive, waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { writesOn } from "../lab/chatter";
import type { StartedRun } from "../lab/live-node";
import { authorization, endWell, judgeRun, logAddress, startProductRun, view } from "../lab/product-run";
import { type ProductYard, startProductYard } from "../lab/product-yard";
import { keeps } from "../lab/promise";
import { sized } from "../lab/settings";

const BAR_SECONDS = 10;
const STOPS = sized({ short: 1, long: 5 });
const VIEWERS = 20;
/** More than the buffers of a connection hold, so that a reader who pauses keeps the download going. */
const LONG_LOG_BYTES = 16 * 1024 * 1024;
const timeoutMs = 120_000 + STOPS * 90_000;
const TRAINING = `yes 'a line of a long log' | head -c ${LONG_LOG_BYTES}
while [ ! -e "$OUTPUT/enough" ]; do n=$((n + 1)); echo "line $n"; sleep 0.2; done; eval "$SAVE"`;

interface Stopped {
  seconds: number[];
  problems: string[];
}
let measured: Promise<Stopped> | null = null;

keeps(
  {
    row: 25,
    promise: `SIGTERM with ${VIEWERS} viewers, a download, a run and a login that hangs, until no process of ours is left`,
    bar: `< ${BAR_SECONDS} s`,
    kind: "measure",
    unavailable: sshdUnavailable,
    timeoutMs,
  },
  async () => {
    measured ??= stopAll();
    const { seconds } = await measured;
    const longest = Math.max(...seconds);
    return {
      figure: `at most ${longest.toFixed(1)} s over ${seconds.length} stops`,
      isKept: longest < BAR_SECONDS,
    };
  },
);

keeps(
  {
    row: 25,
    promise: "what such a stop leaves: exit status, processes, the run and its log, the download, viewers",
    bar: "0, none, goes on whole, cut and not taken for whole, come back",
    kind: "count",
    unavailable: sshdUnavailable,
    timeoutMs,
  },
  async () => {
    measured ??= stopAll();
    const { problems } = await measured;
    return {
      figure: problems.length === 0 ? `all of it, ${STOPS} stops` : problems.join("; "),
      isKept: problems.length === 0,
    };
  },
);

async function stopAll(): Promise<Stopped> {
  const yard = await startProductYard();
  const found: Stopped = { seconds: [], problems: [] };
  const viewers: Socket[] = [];
  try {
    const run = await startProductRun(yard, { program: TRAINING, leastBytes: LONG_LOG_BYTES });
    for (let n = 0; n < VIEWERS; n++) viewers.push(view(yard, run));
    let launched = yard.launched;
    for (let n = 0; n < STOPS; n++) {
      await waitUntil(() => viewers.every(({ connected }) => connected), "the viewers", 60_000);
      const download = await beginDownload(yard, run);
      const processes = yard.processes();
      await yard.hangingLogin();
      const startedAt = performance.now();
      const status = await launched.end("SIGTERM");
      found.seconds.push((performance.now() - startedAt) / 1000);
      if (status !== 0) found.problems.push(`exit status ${status}`);
      for (const [name, pid] of Object.entries(processes))
        if (isAlive(pid)) found.problems.push(`${name} is still there`);
      if (await download.isWhole()) found.problems.push("the download was taken for whole");
      await writesOn(run);
      launched = await yard.start();
    }
    await endWell(yard, run);
    await waitUntil(() => viewers.every(({ connected }) => connected), "the viewers", 60_000);
    if (yard.log().includes("stopping took too long")) found.problems.push("a process had to end itself");
    found.problems.push(...(await judgeRun(yard, run)));
    return found;
  } finally {
    for (const viewer of viewers) viewer.disconnect();
    await yard.stop();
  }
}

/** A download whose reader takes the first bytes and then pauses until the connection goes. */
async function beginDownload(
  yard: ProductYard,
  run: StartedRun,
): Promise<{ isWhole: () => Promise<boolean> }> {
  const request = get(logAddress(yard, run), { headers: authorization(yard) });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`the download was answered with ${response.statusCode}`);
  await once(response, "readable");
  const closed = new Promise<void>((resolve) => response.once("close", () => resolve()));
  response.on("error", () => {});
  return {
    isWhole: async () => {
      response.resume();
      await closed;
      return response.complete;
    },
  };
}
