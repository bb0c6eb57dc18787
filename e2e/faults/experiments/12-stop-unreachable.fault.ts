import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { hasWholeLog, terminalEvents } from "../lab/chatter";
import { type LiveNode, processesOf, startLiveNode } from "../lab/live-node";
import { keeps } from "../lab/promise";
import type { Random } from "../lab/random";
import { sized } from "../lab/settings";

const COUNTS_TERM = `trap 'echo stopped' TERM
n=0; while [ $n -lt 3000 ]; do sleep 0.1; n=$((n + 1)); done`;
const GRACE_SECONDS = 3;
const STOPS = sized({ short: 1, long: 20 });
const MOST_AWAY_MS = sized({ short: 2_000, long: 40_000 });

keeps(
  {
    row: 12,
    promise: "stop asked while the node is unreachable",
    bar: "applied once, when it returns",
    kind: "count",
    unavailable: sshdUnavailable,
    timeoutMs: sized({ short: 120_000, long: 1_800_000 }),
  },
  async (random) => {
    const live = await startLiveNode();
    try {
      const wrong: string[] = [];
      for (let n = 0; n < STOPS; n += 1) wrong.push(...(await stopWhileAway(live, random)));
      return {
        figure: `stops tried: ${STOPS}, each clicked up to 3 times; ${wrong.length === 0 ? "each applied once" : wrong.join("; ")}`,
        isKept: wrong.length === 0,
      };
    } finally {
      await live.stop();
    }
  },
);

/** What was not as promised. */
async function stopWhileAway(live: LiveNode, random: Random): Promise<string[]> {
  const { node } = live;
  const started = await live.start(COUNTS_TERM);
  const file = (name: string) => join(started.directory, name);
  node.proxy.setRefusing(true);
  node.proxy.cutNow();
  await live.untilStatus("unreachable");
  for (let clicks = random.int(1, 3); clicks > 0; clicks -= 1)
    await live.clickStop(started.runId, GRACE_SECONDS);
  await delay(random.int(500, MOST_AWAY_MS));
  const wrong: string[] = [];
  if (existsSync(file("cancel"))) wrong.push("applied to a node out of reach");
  if (processesOf(started.attemptId).length === 0) wrong.push("ended while out of reach");
  if ((await node.attempt(started.runId)).endedAt !== null) wrong.push("told as ended while out of reach");
  node.proxy.setRefusing(false);
  const { status, reason } = await live.ends(started.runId, 90_000);
  const applied = readFileSync(file("training.log"), "utf8").match(/^stopped$/gm)?.length ?? 0;
  if (applied !== 1) wrong.push(`applied ${applied} times`);
  if (status !== "cancelled") wrong.push(`told as ${status}: ${reason}`);
  if (processesOf(started.attemptId).length > 0) wrong.push("processes are left");
  if ((await terminalEvents(node, started)) !== 1) wrong.push("not one terminal event");
  if (!(await hasWholeLog(node, started))) wrong.push("its log is not whole");
  return wrong;
}
