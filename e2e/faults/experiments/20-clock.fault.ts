import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AttemptNode, startAttemptNode, type TestWorker } from "../../../server/testing/attempt-node";
import { run } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { hasWholeLog, sayEnough, terminalEvents } from "../lab/chatter";
import { keeps } from "../lab/promise";
import { makeWrongClock, type WrongClock } from "../lab/wrong-clock";

const DAY_S = 86_400;
/** Seconds by which the node's clock is wrong at the start, and from the middle of the run on. */
const CLOCKS = [
  [3 * DAY_S, 3 * DAY_S],
  [-3 * DAY_S, -3 * DAY_S],
  [0, -3 * DAY_S],
  [0, 3 * DAY_S],
  [3 * DAY_S, -3 * DAY_S],
] as const;
/** Its files carry the time that the node's clock says. */
const PROGRAM = `echo "step 1 at $(date +%s)"
while [ ! -e "$OUTPUT/enough" ]; do sleep 0.1; done
echo "step 2 at $(date +%s)"
eval "$SAVE"; touch -d "@$(date +%s)" "$OUTPUT/pytorch_model.bin"`;

keeps(
  {
    row: 20,
    promise: "clock of the node ± 3 days, and set back and forth by as much during a run",
    bar: "the same end as with a right one",
    kind: "count",
    unavailable: sshdUnavailable,
  },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "trainyard-clock-"));
    run("chmod", ["755", directory]);
    const clock = makeWrongClock(directory);
    const config = [`SetEnv PATH=${clock.directory}:/usr/local/bin:/usr/bin:/bin`];
    const node = await startAttemptNode({ config, gpuCount: 1 });
    try {
      const worker = await node.worker();
      const wrong: string[] = [];
      for (const times of CLOCKS) wrong.push(...(await runWith(node, worker, clock, times)));
      return {
        figure: `${CLOCKS.length - wrong.length} of ${CLOCKS.length}${wrong.length > 0 ? `: ${wrong.join("; ")}` : ""}`,
        isKept: wrong.length === 0,
      };
    } finally {
      await node.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  },
);

/** Nothing when all is as with a right clock. */
async function runWith(
  node: AttemptNode,
  worker: TestWorker,
  clock: WrongClock,
  [first, then]: readonly [number, number],
): Promise<string[]> {
  clock.set(first);
  const { runId } = await node.startRun(PROGRAM);
  const newest = async () => (await node.attempts(runId)).at(-1);
  await worker.until(async () => (await newest())?.status === "running", "the run to be shown as running");
  const attempt = await node.attempt(runId);
  const started = {
    runId,
    attemptId: attempt.id,
    directory: attempt.directory ?? "",
    output: attempt.outputDirectory ?? "",
  };
  clock.set(then);
  sayEnough(started);
  await worker.until(async () => (await newest())?.endedAt != null, "the end of the run");
  const { status, reason, startedAt, endedAt } = await node.attempt(runId);
  const lastedMs = (endedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0);
  // What the node's own clock said stands in its log, or this proves nothing.
  const said = readFileSync(join(started.directory, "training.log"), "utf8").match(/at (\d+)/g)?.length;
  const isSame =
    status === "succeeded" &&
    lastedMs < 60_000 &&
    said === 2 &&
    (await terminalEvents(node, started)) === 1 &&
    (await hasWholeLog(node, started));
  const days = (seconds: number) => `${seconds / DAY_S} d`;
  return isSame ? [] : [`${days(first)}, then ${days(then)}: ${status}, ${reason}, after ${lastedMs} ms`];
}
