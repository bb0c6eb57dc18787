import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RenderedCommand } from "../../contracts/recipes";
import { type AttemptNode, startAttemptNode, type TestWorker } from "../../testing/attempt-node";
import { waitUntil } from "../../testing/processes";
import { sshdUnavailable } from "../../testing/sshd";
import type { LiveConnection } from "../ssh";
import { launchAttempt } from "./launch";
import { prepareLaunch } from "./prepare-launch";
import { probeAttempts } from "./probe";

function connected(worker: TestWorker): LiveConnection {
  const connection = worker.connection();
  if (connection === null) throw new Error("not connected");
  return connection;
}

const COUNT_STARTS: RenderedCommand = {
  workingDirectory: "/",
  argv: ["sh", "-c", "echo started; sleep 1"],
  env: {},
  pathPrepend: [],
  outputDirectory: "/",
  eventDirectories: [],
  expectedFiles: [],
};

describe.skipIf(sshdUnavailable !== null)("launching on a real sshd", () => {
  let node: AttemptNode;
  let worker: TestWorker;
  beforeAll(async () => {
    node = await startAttemptNode();
    worker = await node.worker();
  });
  afterAll(() => node.stop());
  const ends = (runId: string) =>
    worker.until(async () => (await node.attempts(runId)).at(-1)?.endedAt != null, "the end of the attempt");

  it("runs a stage from the queue to its success, with its log complete and its event rows in order", async () => {
    const { runId } = await node.startRun('echo "hello from $MASTER_PORT"; eval "$SAVE"');
    await ends(runId);
    const attempt = await node.attempt(runId);
    expect(attempt).toMatchObject({
      status: "succeeded",
      exitStatus: 0,
      exitWhy: "exit",
      isSupervised: true,
    });
    expect((await node.storedLog(attempt.id)).toString()).toMatch(/^hello from 2\d{4}\n$/);
    const events = await node.db.prisma.attemptEvent.findMany({
      where: { attemptId: attempt.id },
      orderBy: { id: "asc" },
    });
    const statuses = events.map((event) => event.status);
    expect(statuses.filter((status) => status !== "running")).toEqual(["queued", "starting", "succeeded"]);
    expect(await node.db.prisma.gpuClaim.count()).toBe(0);
    expect((await node.db.prisma.run.findUniqueOrThrow({ where: { id: runId } })).status).toBe("succeeded");
  });

  it("keeps secrets in env (0600), out of cmd and out of the database", async () => {
    const { runId } = await node.startRun('printf %s "$HF_TOKEN" | md5sum; eval "$SAVE"', {
      env: { HF_TOKEN: "hf_canary" },
    });
    await ends(runId);
    const attempt = await node.attempt(runId);
    const directory = attempt.directory ?? "";
    expect(readFileSync(join(directory, "cmd"), "utf8")).not.toContain("hf_canary");
    expect(statSync(join(directory, "env")).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const digest = createHash("md5").update("hf_canary").digest("hex");
    expect((await node.storedLog(attempt.id)).toString()).toBe(`${digest}  -\n`);
    expect(JSON.stringify(attempt)).not.toContain("hf_canary");
    expect(readdirSync(join(node.facts.workDirectory, "staging"))).toEqual([]);
  });

  it("gives two attempts that run at the same time different ports", async () => {
    const program =
      'echo "$MASTER_PORT" >"$OUTPUT/port"; while [ ! -e "$OUTPUT/enough" ]; do sleep 0.1; done; eval "$SAVE"';
    const first = await node.startRun(program);
    await worker.until(
      async () => (await node.attempts(first.runId))[0]?.status === "running",
      "the first to run",
    );
    const { directory } = await node.attempt(first.runId);
    const connection = connected(worker);
    const { workDirectory } = node.facts;
    const attemptId = (await node.attempt(first.runId)).id;
    const taken = Number(readFileSync(join(directory ?? "", "port"), "utf8"));
    // The same attempt id searches from the same place, and finds the next one.
    expect((await prepareLaunch(connection, { workDirectory, attemptId })).masterPort).toBe(taken + 1);
    await node.db.prisma.attempt.update({
      where: { id: attemptId },
      data: { desired: "stop", stopGraceSeconds: 0 },
    });
    await ends(first.runId);
  });

  it("starts an attempt once, when it is launched 20 times at once over two connections", async () => {
    const attemptId = randomUUID();
    const other = await node.worker();
    await other.round();
    const { workDirectory, homeDirectory } = node.facts;
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        launchAttempt({
          connection: connected(index % 2 === 0 ? worker : other),
          attemptId,
          workDirectory,
          homeDirectory,
          command: COUNT_STARTS,
          masterPort: 20_000,
        }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.type === "launched")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome.type === "exists")).toHaveLength(19);
    const log = join(workDirectory, "attempts", attemptId, "training.log");
    const connection = connected(worker);
    const probe = { connection, workDirectory, attemptIds: [attemptId], eventDirectories: [] };
    await waitUntil(
      async () => (await probeAttempts(probe)).attempts.get(attemptId)?.state === "exit",
      "its end",
    );
    expect(readFileSync(log, "utf8")).toBe("started\n");
    expect(readdirSync(join(workDirectory, "staging"))).toEqual([]);
  });

  it("a launch whose link is cut after any number of bytes starts once, in the end", async () => {
    for (const bytes of [1, 40, 400, 900, 1400, 1700, 2000, 2300, 2600, 3000]) {
      await worker.round();
      const { runId } = await node.startRun('echo started; eval "$SAVE"');
      node.proxy.cutAfter(bytes);
      await ends(runId);
      const attempts = await node.attempts(runId);
      expect(attempts.map((attempt) => attempt.status)).toEqual(["succeeded"]);
      expect((await node.storedLog(attempts[0]?.id ?? "")).toString()).toBe("started\n");
    }
  });

  it("says in words why a launch failed, and frees the GPU", async () => {
    const { runId } = await node.startRun("true");
    await node.db.prisma.node.update({
      where: { id: node.nodeId },
      data: { settings: { virtualEnvironment: "/nowhere" } },
    });
    await ends(runId);
    const attempt = await node.attempt(runId);
    expect(attempt).toMatchObject({ status: "failed", exitStatus: 127 });
    expect(attempt.reason).toContain("deepspeed");
    expect(await node.db.prisma.gpuClaim.count()).toBe(0);
  });
});
