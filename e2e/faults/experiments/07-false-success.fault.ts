import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AttemptRow, TestWorker } from "../../../server/testing/attempt-node";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { type Death, type PlannedDeath, planDeath } from "../lab/deaths";
import { type Machine, startMachine } from "../lab/machine";
import { keeps } from "../lab/promise";
import type { Random } from "../lab/random";
import { sized } from "../lab/settings";

/** Deaths of one round: those of single processes side by side, then those that take the whole node. */
const ALONE = [
  "launcher",
  "rank",
  "launcher with orphans",
  "supervisor",
  "rank",
  "launcher",
  "supervisor",
  "rank",
] as const;
const TOGETHER = 6;
const ROUNDS = sized({ short: 1, long: 10 });
const NODE_MEMORY_BYTES = 120 * 1024 * 1024;

keeps(
  {
    row: 7,
    promise: "false success over injected deaths of launcher, rank, supervisor, by memory and by reboot",
    bar: "0, and each end tells its true reason",
    kind: "count",
    unavailable: sshdUnavailable,
    timeoutMs: sized({ short: 120_000, long: 900_000 }),
  },
  async (random) => {
    const machine = await startMachine({ gpuCount: ALONE.length });
    try {
      const worker = await machine.node.worker();
      const found: Found[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        found.push(...(await die(machine, worker, ALONE, random)));
        if (machine.reboot !== null) found.push(...(await die(machine, worker, several("reboot"), random)));
        if (machine.limitMemory !== null) found.push(...(await die(machine, worker, several("oom"), random)));
      }
      return judge(found, machine);
    } finally {
      await machine.stop();
    }
  },
);

interface Found {
  planned: PlannedDeath;
  attempt: AttemptRow;
  terminalEvents: number;
}

const several = (death: Death) => Array.from({ length: TOGETHER }, () => death);

/** Starts them all, kills them all, and waits until the database knows how each of them ended. */
async function die(
  { node, reboot, limitMemory }: Machine,
  worker: TestWorker,
  deaths: readonly Death[],
  random: Random,
): Promise<Found[]> {
  const started: { planned: PlannedDeath; runId: string }[] = [];
  for (const death of deaths) {
    const planned = planDeath(death, random);
    started.push({ planned, runId: (await node.startRun(planned.program)).runId });
  }
  const attempts = () => Promise.all(started.map(async ({ runId }) => (await node.attempts(runId)).at(-1)));
  const has = (name: string) => async () =>
    (await attempts()).every((attempt) => existsSync(join(attempt?.outputDirectory ?? "", name)));
  const isRunning = async () => (await attempts()).every((attempt) => attempt?.status === "running");
  await worker.until(isRunning, "all of them to run", 60_000);
  await worker.until(has("begun"), "all of them to begin");
  if (deaths.includes("oom")) limitMemory?.(NODE_MEMORY_BYTES);
  const now = await attempts();
  for (const [index, { planned }] of started.entries()) {
    const attempt = now[index];
    planned.kill({ directory: attempt?.directory ?? "", output: attempt?.outputDirectory ?? "" });
  }
  if (deaths.includes("reboot")) await reboot?.();
  const hasEnded = async () => (await attempts()).every((attempt) => attempt?.endedAt != null);
  await worker.until(hasEnded, "the end of all of them", 90_000);
  limitMemory?.(null);
  return Promise.all(
    started.map(async ({ planned, runId }) => {
      const attempt = await node.attempt(runId);
      const where = { attemptId: attempt.id, isTerminal: true };
      return { planned, attempt, terminalEvents: await node.db.prisma.attemptEvent.count({ where }) };
    }),
  );
}

function judge(found: readonly Found[], machine: Machine) {
  const successes = found.filter(({ attempt }) => attempt.status === "succeeded");
  const wrong = found.filter(
    ({ planned: { end }, attempt, terminalEvents }) =>
      attempt.status !== end.status || !end.reason.test(attempt.reason ?? "") || terminalEvents !== 1,
  );
  const told = wrong.map(
    ({ planned, attempt }) => `${planned.death} told as ${attempt.status}: ${attempt.reason}`,
  );
  const untried = [
    machine.reboot === null ? "; no reboot without root" : "",
    machine.limitMemory === null ? "; no control group for memory" : "",
  ].join("");
  return {
    figure: `${successes.length} of ${found.length}; ${wrong.length} with a wrong reason${told.length > 0 ? ` (${told.join("; ")})` : ""}${untried}`,
    isKept: successes.length === 0 && wrong.length === 0,
  };
}
