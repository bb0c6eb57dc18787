import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RenderedCommand } from "../../../server/contracts/recipes";
import { openDatabase } from "../../../server/db";
import { createRun } from "../../../server/runs";
import { runInput } from "../../../server/runs/run-fixtures";
import { testContext } from "../../../server/testing/database";
import { waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { launchAttempt } from "../../../server/worker/attempts/launch";
import { prepareLaunch } from "../../../server/worker/attempts/prepare-launch";
import { probeAttempts } from "../../../server/worker/attempts/probe";
import { keeps } from "../lab/promise";
import { startWorkerYard, type WorkerYard } from "../lab/worker-yard";

const LAUNCHES = 100;
const COUNT_START = "echo started; sleep 1; exit 7";

keeps(
  {
    row: 3,
    promise: "processes started for 100 concurrent launches of one click over two workers",
    bar: "1",
    kind: "count",
    unavailable: sshdUnavailable,
  },
  async () => {
    const yard = await startWorkerYard({ gpuCount: 2 });
    try {
      const ofAttempt = await launchAtOnce(yard);
      const workers = [await yard.start("one"), await yard.start("two")];
      const { runs, starts } = await clickAtOnce(yard);
      return {
        figure: `${starts} for ${LAUNCHES} calls of the API (${runs} run), ${ofAttempt} for ${LAUNCHES} launches of one attempt over ${workers.length} connections`,
        isKept: starts === 1 && runs === 1 && ofAttempt === 1,
      };
    } finally {
      await yard.stop();
    }
  },
);

/** As if two workers both believed that the lease is theirs. */
async function launchAtOnce({ node }: WorkerYard): Promise<number> {
  const connections = [await (await node.worker()).connect(), await (await node.worker()).connect()] as const;
  const { workDirectory, homeDirectory } = node.facts;
  const attemptId = randomUUID();
  const { masterPort } = await prepareLaunch(connections[0], { workDirectory, attemptId });
  const command: RenderedCommand = {
    workingDirectory: "/",
    argv: ["sh", "-c", COUNT_START],
    env: {},
    pathPrepend: [],
    outputDirectory: "/",
    eventDirectories: [],
    expectedFiles: [],
  };
  const launches = Array.from({ length: LAUNCHES }, (_, index) => {
    const connection = connections[index % 2 === 0 ? 0 : 1];
    return launchAttempt({ connection, attemptId, workDirectory, homeDirectory, command, masterPort });
  });
  // A launch that only failed to answer counts too, if it started something.
  await Promise.allSettled(launches);
  const question = {
    connection: connections[0],
    workDirectory,
    attemptIds: [attemptId],
    eventDirectories: [],
  };
  await waitUntil(
    async () => (await probeAttempts(question)).attempts.get(attemptId)?.state === "exit",
    "the end of the attempt",
  );
  for (const connection of connections) connection.close();
  await node.db.pool.query("UPDATE node_lease SET until = now() - interval '1 second'");
  return startsIn(readFileSync(join(workDirectory, "attempts", attemptId, "training.log"), "utf8"));
}

/** One click that a hundred requests carry, over two web processes' pools, with two workers alive. */
async function clickAtOnce({ node }: WorkerYard): Promise<{ runs: number; starts: number }> {
  const { db, nodeId } = node;
  await db.prisma.node.update({ where: { id: nodeId }, data: { isPractice: true } });
  const input = runInput(nodeId);
  input.parameters.stages.sft.env = { TEST_PROGRAM: COUNT_START };
  input.parameters.stages.sft.gpuCount = 1;
  const others = [openDatabase(db.url), openDatabase(db.url)];
  const contexts = others.map((other) => testContext(other));
  const calls = Array.from({ length: LAUNCHES }, (_, index) => {
    const ctx = contexts[index % 2];
    return ctx === undefined ? Promise.reject(new Error("no web")) : createRun({ ctx, input });
  });
  const runIds = new Set((await Promise.all(calls)).map((run) => run.id));
  await Promise.all(others.map((other) => other.close()));
  const attempts = () =>
    db.prisma.attempt.findMany({ where: { stage: { kind: "sft", runId: { in: [...runIds] } } } });
  await waitUntil(
    async () => (await attempts()).some(({ endedAt }) => endedAt !== null),
    "the end of the run",
    60_000,
  );
  const logs = (await attempts()).map(({ directory }) =>
    directory === null ? "" : readFileSync(join(directory, "training.log"), "utf8"),
  );
  return { runs: await db.prisma.run.count(), starts: startsIn(logs.join("")) };
}

const startsIn = (log: string) => log.split("\n").filter((line) => line === "started").length;
