import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { sshdUnavailable } from "../../server/testing/sshd";
import { type BenchAttempt, startBenchAttempt } from "../bench-attempt";
import { browserUnavailable } from "../bench-browser";
import { type BenchYard, withBenchYard } from "../bench-product";
import { absoluteFigure, type BenchRow, type Figure, milliseconds, unmeasuredFigure } from "../bench-row";
import { median, percentile } from "../spread";
import { sshCommand } from "../ssh-command";
import { type Seen, watchText } from "../watch-text";

const SCALARS = 40;
/** One that the page shows unfolded. */
const TAG = "eval/loss";
const TARGET_MS = 1500;

/** Each value prints differently: 1.001, 1.002, … */
const scalarAt = (index: number) => 1 + (index + 1) / 1000;

/** Not in step with anything: 0.7 to 1.3 s apart. */
const pauseMs = (index: number) => 700 + ((index * 137) % 600);

/** When each line of the log reaches a plain `ssh HOST tail -F`: what the way through SSH alone costs. */
function tailLog({ node }: BenchYard, logPath: string) {
  const keyFile = join(node.sshd.homeDirectory, "bench-key");
  writeFileSync(keyFile, node.sshd.privateKey, { mode: 0o600 });
  const command = ["tail", "-n", "0", "-F", logPath];
  const child = spawn("ssh", sshCommand(node.sshd, keyFile, command), {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const seen: Seen[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const text = /loss = ([\d.]+)/.exec(line)?.[1];
    if (text) seen.push({ text, at: Date.now() });
  });
  return { seen, stop: () => child.kill() };
}

interface Written {
  events: number[];
  log: number[];
}

async function writeScalars(attempt: BenchAttempt): Promise<Written> {
  const written: Written = { events: [], log: [] };
  for (let index = 0; index < SCALARS; index += 1) {
    attempt.appendEvents([{ step: index + 2, values: { [TAG]: scalarAt(index) } }]);
    written.events.push(Date.now());
    await delay(pauseMs(index));
    attempt.appendLog(`Epoch: 0, Step: ${index + 2}, Rank: 0, loss = ${scalarAt(index)}`);
    written.log.push(Date.now());
    await delay(pauseMs(index + 3));
  }
  await delay(2 * TARGET_MS);
  return written;
}

/** A value that was never shown took for ever. */
function delaysOf(written: readonly number[], seen: readonly Seen[]): number[] {
  return written.map((at, index) => {
    const shown = seen.find(({ text }) => Number(text) === scalarAt(index));
    return shown === undefined ? Number.POSITIVE_INFINITY : shown.at - at;
  });
}

async function measure(yard: BenchYard): Promise<Figure[]> {
  const attempt = await startBenchAttempt(yard);
  attempt.appendEvents([{ step: 1, values: { [TAG]: 1 } }]);
  attempt.appendLog("Epoch: 0, Step: 1, Rank: 0, loss = 1");
  const page = await yard.product.context.newPage();
  await page.goto(`/runs/${attempt.runId}?stage=sft`);
  const card = (title: string) => ({
    selector: `section:not(:has(section)):has(h2 [title="${title}"]) header > span:last-child`,
    pattern: /([\d.]+)/,
  });
  const events = await watchText(page, card(TAG));
  const log = await watchText(page, card("loss"));
  const tail = tailLog(yard, attempt.logPath);
  const written = await writeScalars(attempt);
  tail.stop();
  const bare = delaysOf(written.log, tail.seen);
  const figure = (what: string, delays: readonly number[]) =>
    absoluteFigure({
      what: `${what}, slowest of ${SCALARS}`,
      figure: `${milliseconds(Math.max(...delays))} (p50 ${milliseconds(median(delays))}, p90 ${milliseconds(percentile(delays, 0.9))})`,
      baseline: `the line at ssh HOST tail -F ${milliseconds(Math.max(...bare))} (p50 ${milliseconds(median(bare))})`,
      target: "≤ 1.5 s",
      isHit: Math.max(...delays) <= TARGET_MS,
    });
  return [
    figure("from an event file", delaysOf(written.events, await events())),
    figure("from the log", delaysOf(written.log, await log())),
  ];
}

export const row: BenchRow = {
  number: 4,
  title: "scalar flushed on the node to the painted frame",
  run: async () => {
    const why = sshdUnavailable ?? browserUnavailable;
    if (why !== null) return [unmeasuredFigure("scalar to screen", why)];
    return withBenchYard({ readingMs: 1000 }, measure);
  },
};
