import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { diskSpaceOf, isDiskLow } from "../../../server/contracts/disk-space";
import { isAlive, waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { hasWholeLog, terminalEvents } from "../lab/chatter";
import { type LiveNode, processesOf, type StartedRun, startLiveNode } from "../lab/live-node";
import { keeps } from "../lab/promise";
import { sized } from "../lab/settings";
import { mountSmallDisk, type SmallDisk } from "../lab/small-disk";

const NO_DISK = process.getuid?.() === 0 ? null : "only root can make a disk of its own";
const LARGE = "40g";
const ROOM_BYTES = 4 * 1024 * 1024;
const FULL_MS = sized({ short: 3_000, long: 60_000 });
/** Fills the disk when it is told to, and dies of it with a status of its own. */
const FILLER = `echo "a checkpoint is due"
while [ ! -e "$OUTPUT/go" ]; do sleep 0.1; done
cat /dev/zero >"$OUTPUT/pytorch_model.bin"; exit 9`;

keeps(
  {
    row: 13,
    promise: "disk full on the node: alarm before, true exit status once space returns",
    bar: "alarm at < 5 % or < 10 GB; status 9 of 9, none while it is full",
    kind: "count",
    unavailable: sshdUnavailable ?? NO_DISK,
    timeoutMs: sized({ short: 120_000, long: 300_000 }),
  },
  async () => {
    const live = await startLiveNode();
    const disk = mountSmallDisk(live.node.facts.workDirectory, LARGE);
    try {
      return await fill(live, disk);
    } finally {
      disk.remove();
      await live.stop();
    }
  },
);

async function fill(live: LiveNode, disk: SmallDisk) {
  const { node } = live;
  const started = await live.start(FILLER);
  const tells = () => tellsOfDisk(live, started);
  await waitUntil(
    () => (live.ticks.at(-1)?.host?.diskTotalGiB ?? 0) === 40,
    "a reading of the large disk",
    30_000,
  );
  const wasQuiet = !(await tells());
  disk.resize(String(disk.usedBytes() + ROOM_BYTES));
  const shrunkAt = performance.now();
  await waitUntil(tells, "the alarm", 40_000).catch(() => {});
  const alarm = (await tells()) ? `after ${Math.round((performance.now() - shrunkAt) / 1000)} s` : "never";
  writeFileSync(join(started.output, "go"), "");
  const trainingIsOver = () =>
    processesOf(started.attemptId).every((pid) => !isAlive(pid, "cat")) &&
    existsSync(join(started.output, "pytorch_model.bin"));
  await waitUntil(trainingIsOver, "the training to die of the full disk");
  await delay(FULL_MS);
  const whileFull = (await node.attempt(started.runId)).endedAt === null ? "none" : "an end";
  disk.resize(LARGE);
  const { status, exitStatus } = await live.ends(started.runId);
  const isWhole = await hasWholeLog(node, started);
  const ends = await terminalEvents(node, started);
  return {
    figure: `alarm ${alarm}; ${whileFull} while it was full; ${status} with status ${exitStatus} afterwards, log ${isWhole ? "equal" : "differs"}`,
    isKept:
      wasQuiet &&
      alarm !== "never" &&
      whileFull === "none" &&
      status === "failed" &&
      exitStatus === 9 &&
      isWhole &&
      ends === 1,
  };
}

/** Both where somebody looks now (the node's live reading) and where they look later (the attempt's events). */
async function tellsOfDisk({ node, ticks }: LiveNode, { attemptId }: StartedRun): Promise<boolean> {
  const disk = diskSpaceOf(ticks.at(-1)?.host);
  const where = { attemptId, reason: { startsWith: "low disk" } };
  const events = await node.db.prisma.attemptEvent.count({ where });
  return disk !== null && isDiskLow(disk) && events === 1;
}
