import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { descendantsOf, isAlive, waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { CHATTER, writesOn } from "../lab/chatter";
import { pidIn } from "../lab/deaths";
import type { StartedRun } from "../lab/live-node";
import { endWell, judgeRun, startProductRun, storedBytes } from "../lab/product-run";
import { type ProductYard, startProductYard } from "../lab/product-yard";
import { keeps } from "../lab/promise";
import type { Random } from "../lab/random";
import { sized } from "../lab/settings";

const ROUNDS = sized({ short: 1, long: 3 });
const MOST_FROZEN_MS = sized({ short: 2_000, long: 30_000 });
const FROZEN = ["PostgreSQL", "sshd", "the supervisor", "the training"] as const;
type Frozen = (typeof FROZEN)[number];

keeps(
  {
    row: 27,
    promise: `${FROZEN.join(", ")} frozen during a run and woken again: runs harmed, log lost, ends told meanwhile`,
    bar: "0",
    kind: "count",
    unavailable: sshdUnavailable,
    timeoutMs: 120_000 + ROUNDS * FROZEN.length * 150_000,
  },
  async (random) => {
    const yard = await startProductYard();
    try {
      const run = await startProductRun(yard, { program: CHATTER, leastBytes: 0 });
      const before = yard.processes();
      for (let round = 0; round < ROUNDS; round++)
        for (const frozen of FROZEN) await freeze({ yard, run, random, frozen });
      const wrong = Object.entries(yard.processes())
        .filter(([name, pid]) => before[name] !== pid)
        .map(([name]) => `another ${name}`);
      await endWell(yard, run);
      wrong.push(...(await judgeRun(yard, run)));
      return {
        figure: `${wrong.length === 0 ? "0" : wrong.join("; ")}, frozen ${ROUNDS * FROZEN.length} times`,
        isKept: wrong.length === 0,
      };
    } finally {
      await yard.stop();
    }
  },
);

interface Freeze {
  yard: ProductYard;
  run: StartedRun;
  random: Random;
  frozen: Frozen;
}

/** Until what was written meanwhile and afterwards is in the database. */
async function freeze({ yard, run, random, frozen }: Freeze): Promise<void> {
  const pids = pidsOf({ yard, run, frozen });
  const before = await storedBytes(yard);
  try {
    signal(pids, "SIGSTOP");
    await delay(random.int(MOST_FROZEN_MS / 2, MOST_FROZEN_MS));
  } finally {
    signal(pids, "SIGCONT");
  }
  await writesOn(run);
  await waitUntil(async () => (await storedBytes(yard)) > before, `the log after ${frozen} woke up`, 90_000);
}

function signal(pids: readonly number[], name: "SIGSTOP" | "SIGCONT"): void {
  for (const pid of pids.filter((each) => isAlive(each))) process.kill(pid, name);
}

function pidsOf({ yard, run, frozen }: Omit<Freeze, "random">): number[] {
  switch (frozen) {
    case "PostgreSQL": {
      const { postgres = 0 } = yard.processes();
      return [postgres, ...descendantsOf(postgres, () => true)];
    }
    case "sshd": {
      const listener = yard.sshd.pid() ?? 0;
      return [listener, ...descendantsOf(listener, (name) => name.startsWith("sshd"))];
    }
    case "the supervisor":
      return [pidIn(join(run.directory, "id"), / wpid=(\d+)/)];
    case "the training":
      return [pidIn(join(run.directory, "child"), / pid=(\d+)/)];
  }
}
