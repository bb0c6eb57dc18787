import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TELEMETRY_FIELDS } from "../../server/contracts/telemetry";
import { createLogger } from "../../server/log";
import { sshdUnavailable, startSshd } from "../../server/testing/sshd";
import { connectNode, toSecret } from "../../server/worker/ssh";
import { startTelemetry } from "../../server/worker/telemetry";
import { type BenchDatabase, openBenchDatabase } from "../bench-database";
import { absoluteFigure, type BenchRow, milliseconds, unmeasuredFigure } from "../bench-row";

const SAMPLES = 320;
const WARM_SAMPLES = 20;
/** Faster than the product's second, so that 300 readings take half a minute. */
const TICK_SECONDS = 0.1;
const WRAP = 1_000_000_000;

/** An nvidia-smi that puts the time of printing where the used memory stands. */
const PRINTER = `#!${process.execPath}
const query = process.argv.find((word) => word.startsWith("--query-gpu="))?.slice(12).split(",");
if (query === undefined) process.exit(0);
const every = Number(process.argv[process.argv.indexOf("-lms") + 1]);
const uuid = (n) => "GPU-00000000-0000-4000-8000-0000000000a" + n;
const row = (n) => query.map((name) => ({ index: n, uuid: uuid(n), count: 8, name: "GPU", "memory.used": Date.now() % ${WRAP} })[name] ?? 40).join(", ");
setInterval(() => process.stdout.write([0, 1, 2, 3, 4, 5, 6, 7].map((n) => row(n) + "\\n").join("")), every);
`;

async function measureDelays(bench: BenchDatabase, folder: string): Promise<number[]> {
  const sshd = await startSshd({ bashrc: `export PATH=${folder}:$PATH\n` });
  const [lease] = await bench.createNodes(1);
  if (!lease) throw new Error("no node");
  const connection = await connectNode({
    nodeId: lease.nodeId,
    host: sshd.host,
    port: sshd.port,
    username: sshd.username,
    hostKey: sshd.hostKey(),
    credential: toSecret({ method: "private_key", privateKey: sshd.privateKey }),
  });
  const delays: number[] = [];
  const used = TELEMETRY_FIELDS.indexOf("memoryUsedMiB");
  await new Promise<void>((done) => {
    const telemetry = startTelemetry({
      connection,
      nodeId: lease.nodeId,
      lease,
      db: bench.db,
      log: createLogger("bench", "fatal"),
      tickSeconds: TICK_SECONDS,
      onTick: (tick) => {
        const printedAt = tick.values[used]?.[0];
        if (printedAt == null) return;
        delays.push((Date.now() % WRAP) - printedAt);
        if (delays.length === SAMPLES + WARM_SAMPLES) void telemetry.stop().then(done);
      },
    });
  });
  connection.close();
  await sshd.stop();
  return delays.slice(WARM_SAMPLES).sort((one, other) => one - other);
}

export const row: BenchRow = {
  number: 1,
  title: "telemetry line printed to the worker's tick",
  run: async () => {
    const what = `node's part of "line printed → pixel", 8 GPUs through sshd, p99 of ${SAMPLES}`;
    if (sshdUnavailable !== null) return [unmeasuredFigure(what, sshdUnavailable)];
    const folder = mkdtempSync(join(tmpdir(), "trainyard-bench-smi-"));
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, "nvidia-smi"), PRINTER, { mode: 0o755 });
    const bench = await openBenchDatabase();
    try {
      const delays = await measureDelays(bench, folder);
      const percentile = (share: number) => delays[Math.floor(delays.length * share)] ?? Number.NaN;
      return [
        absoluteFigure({
          what,
          figure: `${milliseconds(percentile(0.99))} (p50 ${milliseconds(percentile(0.5))})`,
          target: "≤ 100 ms for the whole way",
          isHit: percentile(0.99) <= 100,
        }),
      ];
    } finally {
      await bench.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
