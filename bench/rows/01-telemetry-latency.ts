import { setTimeout as delay } from "node:timers/promises";
import { TELEMETRY_FIELDS } from "../../server/contracts/telemetry";
import { createLogger } from "../../server/log";
import { sshdUnavailable } from "../../server/testing/sshd";
import { connectNode, toSecret } from "../../server/worker/ssh";
import { startTelemetry } from "../../server/worker/telemetry";
import { browserUnavailable } from "../bench-browser";
import { openBenchDatabase } from "../bench-database";
import { GPU_COUNT, gpuUuid, startBenchNode } from "../bench-node";
import { type BenchYard, withBenchYard } from "../bench-product";
import { absoluteFigure, type BenchRow, type Figure, milliseconds, unmeasuredFigure } from "../bench-row";
import { median, percentile } from "../spread";
import { watchText } from "../watch-text";

const SAMPLES = 320;
/** Faster than the product's second, so that 300 readings take a minute. */
const READING_MS = 200;
const TARGET_MS = 100;

interface Shown {
  value: number;
  at: number;
}

/** From the newest printing of a value to its showing. Readings that were never shown are told apart. */
function delaysOf(printed: readonly Shown[], shown: readonly Shown[]): number[] {
  return shown.flatMap(({ value, at }) => {
    const line = printed.findLast((candidate) => candidate.value === value && candidate.at <= at);
    return line === undefined ? [] : [at - line.at];
  });
}

/** The worker's part alone: sshd, the reader on the node, parsing, in this process. */
async function measureWorker(): Promise<number[]> {
  const node = await startBenchNode({ readingMs: READING_MS });
  const bench = await openBenchDatabase();
  try {
    const [lease] = await bench.createNodes(1);
    if (!lease) throw new Error("no node");
    const { sshd } = node;
    const connection = await connectNode({
      nodeId: lease.nodeId,
      host: sshd.host,
      port: sshd.port,
      username: sshd.username,
      hostKey: sshd.hostKey(),
      credential: toSecret({ method: "private_key", privateKey: sshd.privateKey }),
    });
    const field = TELEMETRY_FIELDS.indexOf("utilizationGpuPercent");
    const shown: Shown[] = [];
    const telemetry = startTelemetry({
      connection,
      nodeId: lease.nodeId,
      workDirectory: "~/.trainyard",
      lease,
      db: bench.db,
      log: createLogger("bench", "fatal"),
      tickSeconds: READING_MS / 1000,
      onTick: (tick) => {
        const value = tick.values[field]?.[0];
        if (value != null) shown.push({ value, at: Date.now() });
      },
    });
    await delay((SAMPLES / 4) * READING_MS);
    await telemetry.stop();
    connection.close();
    return delaysOf(node.printed(), shown.slice(5));
  } finally {
    await bench.close();
    await node.stop();
  }
}

/** The whole way: the built product, and the frame that Chromium painted. */
async function measurePixels({
  node,
  product,
}: BenchYard): Promise<{ delays: number[]; hiddenCount: number }> {
  const page = await product.context.newPage();
  await page.goto("/");
  const texts = await watchText(page, { selector: `li[title$="${gpuUuid(0)}"]`, pattern: /(\d+) %/ });
  await delay(3000);
  const before = (await texts()).length;
  const from = Date.now();
  await delay(SAMPLES * READING_MS);
  const to = Date.now();
  await delay(1000);
  const shown = (await texts()).slice(before).map(({ text, at }) => ({ value: Number(text), at }));
  const printed = node.printed();
  const sent = printed.filter(({ at }) => at >= from && at < to).length;
  return { delays: delaysOf(printed, shown), hiddenCount: Math.max(0, sent - shown.length) };
}

async function measure(yard: BenchYard, worker: readonly number[]): Promise<Figure[]> {
  const { delays, hiddenCount } = await measurePixels(yard);
  const [p50, p99] = [median(delays), percentile(delays, 0.99)];
  return [
    absoluteFigure({
      what: `${GPU_COUNT} GPUs, ${1000 / READING_MS} a second, p99 of ${delays.length}`,
      figure: `${milliseconds(p99)} (p50 ${milliseconds(p50)}), ${hiddenCount} overtaken by the next before a frame`,
      baseline: `to the worker's tick p99 ${milliseconds(percentile(worker, 0.99))} (p50 ${milliseconds(median(worker))})`,
      target: `≤ ${TARGET_MS} ms`,
      isHit: p99 <= TARGET_MS && delays.length >= 300,
    }),
  ];
}

export const row: BenchRow = {
  number: 1,
  title: "telemetry line printed to pixel",
  run: async () => {
    const what = "line printed to pixel";
    if (sshdUnavailable !== null) return [unmeasuredFigure(what, sshdUnavailable)];
    const worker = await measureWorker();
    if (browserUnavailable === null) {
      return withBenchYard({ readingMs: READING_MS }, (yard) => measure(yard, worker));
    }
    const reached = `to the worker's tick p99 ${milliseconds(percentile(worker, 0.99))}`;
    return [unmeasuredFigure(what, `${reached}; no pixel: ${browserUnavailable}`)];
  },
};
