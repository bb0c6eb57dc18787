import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TelemetryTick } from "@/server/contracts/telemetry";
import type { Database } from "@/server/db";
import { createLogger } from "@/server/log";
import { acquireLease, type NodeLease } from "@/server/nodes/lease";
import { decodeTicks } from "@/server/telemetry";
import { createTestDatabase } from "@/server/testing/database";
import { createFakeNvidiaSmi, FAKE_UUIDS, type FakeNvidiaSmi } from "@/server/testing/fake-nvidia-smi";
import { isAlive, run, waitUntil } from "@/server/testing/processes";
import { sshdUnavailable, startSshd, type TestSshd } from "@/server/testing/sshd";
import { startTcpProxy } from "@/server/testing/tcp-proxy";
import { connectNode, type LiveConnection, toSecret } from "../ssh";
import { startTelemetry } from ".";

if (sshdUnavailable !== null) console.log(`skipped: ${sshdUnavailable}`);

describe.skipIf(sshdUnavailable !== null)("telemetry of a node behind sshd", () => {
  let sshd: TestSshd;
  let db: Database;
  let fake: FakeNvidiaSmi;
  let folder: string;
  let nodeId: string;
  let lease: NodeLease;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "trainyard-fake-"));
    run("chmod", ["755", folder]);
    fake = createFakeNvidiaSmi(folder, "good");
    sshd = await startSshd({ bashrc: `export PATH=${fake.directory}:$PATH\n` });
    db = await createTestDatabase();
    nodeId = randomUUID();
    await db.prisma.node.create({
      data: { id: nodeId, name: "n", host: "127.0.0.1", username: "u", authMethod: "private_key" },
    });
    const acquired = await acquireLease(db.pool, nodeId, "worker-a");
    if (!acquired) throw new Error("no lease");
    lease = acquired;
  });
  afterAll(async () => {
    await sshd.stop();
    await db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const connect = (port = sshd.port): Promise<LiveConnection> =>
    connectNode({
      nodeId,
      host: sshd.host,
      port,
      username: sshd.username,
      hostKey: sshd.hostKey(),
      credential: toSecret({ method: "private_key", privateKey: sshd.privateKey }),
    });
  const living = () => fake.started().filter((pid) => isAlive(pid));
  function start(connection: LiveConnection) {
    const ticks: TelemetryTick[] = [];
    const telemetry = startTelemetry({
      connection,
      nodeId,
      workDirectory: "~/.trainyard",
      lease,
      db,
      onTick: (tick) => ticks.push(tick),
      log: createLogger("test", "fatal"),
      tickSeconds: 0.1,
    });
    return { ticks, stop: telemetry.stop };
  }
  async function storedTicks(since: number): Promise<TelemetryTick[]> {
    const { rows } = await db.pool.query<{ payload: Buffer }>(
      "SELECT payload FROM telemetry_tick WHERE node_id = $1 AND sampled_at >= to_timestamp($2 / 1000.0) ORDER BY sampled_at",
      [nodeId, since],
    );
    return rows.flatMap(({ payload }) => decodeTicks(nodeId, payload));
  }

  it("arrives tick by tick, is stored as it arrived, and leaves nothing on the node", async () => {
    const connection = await connect();
    const { ticks, stop } = start(connection);
    await waitUntil(() => ticks.length >= 10, "ticks");
    expect(ticks[5]).toMatchObject({ nodeId, gpuUuids: [...FAKE_UUIDS] });
    expect(ticks.at(-1)?.host?.memoryTotalMiB).toBeGreaterThan(0);
    await stop();
    await waitUntil(() => living().length === 0, "nvidia-smi to end");
    expect(await storedTicks(ticks[0]?.at ?? 0)).toEqual(ticks);
    connection.close();
  });

  it("names the attempt and the user of a process", async () => {
    const attemptId = randomUUID();
    const owner = statSync(sshd.homeDirectory);
    const helper = spawn("sleep", ["100"], {
      env: { NODE_ENV: "test", TRAINYARD_ATTEMPT: attemptId },
      uid: owner.uid,
      gid: owner.gid,
    });
    fake.setProcesses([helper.pid ?? 0]);
    const connection = await connect();
    const { ticks, stop } = start(connection);
    try {
      await waitUntil(
        () => ticks.some(({ processes }) => processes !== null && processes.length > 0),
        "a process list",
      );
      expect(ticks.flatMap(({ processes }) => processes ?? [])[0]).toEqual({
        pid: helper.pid,
        name: "python3, main.py",
        user: sshd.username,
        memoryMiB: 512,
        gpuUuid: FAKE_UUIDS[0],
        attemptId,
      });
    } finally {
      await stop();
      connection.close();
      helper.kill("SIGKILL");
      fake.setProcesses([]);
    }
  });

  it("is replaced, not doubled, when the link goes silent and another comes", async () => {
    const proxy = await startTcpProxy({ host: sshd.host, port: sshd.port });
    const cut = await connect(proxy.port);
    const first = start(cut);
    await waitUntil(() => first.ticks.length >= 5, "ticks");
    proxy.stall();
    const again = await connect();
    const second = start(again);
    await waitUntil(() => second.ticks.length >= 5, "ticks over the second link");
    expect(living()).toHaveLength(1);
    await second.stop();
    again.close();
    cut.close();
    await first.stop();
    await waitUntil(() => living().length === 0, "nvidia-smi to end");
    await proxy.stop();
  });

  it("comes back when its reader was killed", async () => {
    const connection = await connect();
    const { ticks, stop } = start(connection);
    await waitUntil(() => ticks.length >= 3, "ticks");
    const file = join(sshd.homeDirectory, ".trainyard/telemetry", nodeId, "pids");
    const pid = Number(/^pid (\d+)/m.exec(readFileSync(file, "utf8"))?.[1]);
    process.kill(pid, "SIGKILL");
    await waitUntil(() => !isAlive(pid), "the reader to end");
    const before = ticks.length;
    await waitUntil(() => ticks.length >= before + 5, "ticks again");
    expect(living()).toHaveLength(1);
    await stop();
    await waitUntil(() => living().length === 0, "nvidia-smi to end");
    connection.close();
  });
});
