import { kill } from "node:process";
import type { Socket } from "socket.io-client";
import { waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { CHATTER, writesOn } from "../lab/chatter";
import type { StartedRun } from "../lab/live-node";
import { endWell, judgeRun, startProductRun, storedBytes, view } from "../lab/product-run";
import { type ProductYard, startProductYard } from "../lab/product-yard";
import { keeps } from "../lab/promise";
import type { Random } from "../lab/random";
import { sized } from "../lab/settings";

const LOSSES = sized({ short: 2, long: 20 });
const MOST_FROZEN_MS = sized({ short: 3_000, long: 60_000 });

keeps(
  {
    row: 26,
    promise: "web killed with -9 or frozen during a run: runs harmed, log lost, pages that do not go on",
    bar: "0",
    kind: "count",
    unavailable: sshdUnavailable,
    timeoutMs: 120_000 + LOSSES * 90_000,
  },
  async (random) => {
    const yard = await startProductYard();
    const run = await startProductRun(yard, { program: CHATTER, leastBytes: 0 });
    const page = view(yard, run);
    try {
      const before = yard.processes();
      const seconds: number[] = [];
      for (let n = 0; n < LOSSES; n++)
        seconds.push(await (n % 2 === 0 ? killWeb : freezeWeb)({ yard, run, page, random }));
      const wrong = ["supervisor", "worker", "postgres"]
        .filter((name) => yard.processes()[name] !== before[name])
        .map((name) => `another ${name}`);
      await endWell(yard, run);
      wrong.push(...(await judgeRun(yard, run)));
      const slowest = Math.max(...seconds).toFixed(1);
      return {
        figure: `${wrong.length === 0 ? "0" : wrong.join("; ")}, lost ${LOSSES} times; the page went on at most ${slowest} s after there was a web again`,
        isKept: wrong.length === 0,
      };
    } finally {
      page.disconnect();
      await yard.stop();
    }
  },
);

interface Loss {
  yard: ProductYard;
  run: StartedRun;
  page: Socket;
  random: Random;
}

/** Seconds until the page hears of new bytes. */
async function killWeb({ yard, run, page }: Loss): Promise<number> {
  const { web = 0 } = yard.processes();
  kill(web, "SIGKILL");
  await isStored(yard, run);
  await waitUntil(() => yard.processes().web !== web, "another web");
  return secondsUntilHeard(page);
}

async function freezeWeb({ yard, run, page, random }: Loss): Promise<number> {
  const { web = 0 } = yard.processes();
  kill(web, "SIGSTOP");
  try {
    const until = performance.now() + random.int(1_000, MOST_FROZEN_MS);
    do await isStored(yard, run);
    while (performance.now() < until);
  } finally {
    kill(web, "SIGCONT");
  }
  return secondsUntilHeard(page);
}

/** What the training writes meanwhile comes into the database without a web. */
async function isStored(yard: ProductYard, run: StartedRun): Promise<void> {
  const before = await storedBytes(yard);
  await writesOn(run);
  await waitUntil(async () => (await storedBytes(yard)) > before, "the log to be stored without a web");
}

async function secondsUntilHeard(page: Socket): Promise<number> {
  const startedAt = performance.now();
  let heardAt = 0;
  const hear = () => {
    heardAt = performance.now();
  };
  page.on("files", hear);
  try {
    await waitUntil(() => heardAt > startedAt, "the page to hear of new lines", 60_000);
  } finally {
    page.off("files", hear);
  }
  return (heardAt - startedAt) / 1000;
}
