import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { sshdUnavailable } from "../../server/testing/sshd";
import { type BenchAttempt, type EventStep, startBenchAttempt } from "../bench-attempt";
import { browserUnavailable } from "../bench-browser";
import { type BenchYard, withBenchYard } from "../bench-product";
import { absoluteFigure, type BenchRow, type Figure, milliseconds, unmeasuredFigure } from "../bench-row";
import { drawBareCharts } from "../draw-bare-charts";
import { measureMainThread } from "../main-thread";
import { median } from "../spread";
import { tasksText } from "../tasks-text";

/** Those that the page shows unfolded. */
const TAGS = [
  "loss",
  "eval/loss",
  "eval/perplexity",
  "reward_model/accuracy",
  "reward_model/chosen_score",
  "reward_model/rejected_score",
  "ppo/actor_loss",
  "ppo/critic_loss",
];
const POINTS = 2000;
const EVERY_MS = 200;
const WINDOW_MS = 8000;
const ROUNDS = 3;

function stepOf(step: number): EventStep {
  const value = (tag: number) => 2 + Math.sin(step / 40 + tag) + ((step * 7919) % 97) / 200;
  return { step, values: Object.fromEntries(TAGS.map((tag, index) => [tag, value(index)])) };
}

async function openCharts(yard: BenchYard, attempt: BenchAttempt): Promise<Page> {
  attempt.appendEvents(Array.from({ length: POINTS }, (_, index) => stepOf(index + 1)));
  const page = await yard.product.context.newPage();
  // Tall enough for all eight: charts that nobody sees are not drawn.
  await page.setViewportSize({ width: 1440, height: 2000 });
  await page.goto(`/runs/${attempt.runId}?stage=sft`);
  await page.waitForFunction((count) => document.querySelectorAll(".uplot").length >= count, TAGS.length);
  return page;
}

interface Round {
  /** Of the main thread's time, the share of one update. */
  updateMs: number;
  idleMs: number;
  bareMs: number;
  longTasks: number[];
  bareLongTasks: number[];
}

async function measureRound(page: Page, bare: Page, write: () => void): Promise<Round> {
  const idle = await measureMainThread(page, () => delay(WINDOW_MS));
  let updates = 0;
  const count = (response: { url: () => string }) => {
    if (response.url().includes("/scalars?")) updates += 1;
  };
  page.on("response", count);
  const busy = await measureMainThread(page, () => writeFor(WINDOW_MS, write));
  page.off("response", count);
  const alone = await measureMainThread(bare, () => drawBareCharts(bare, WINDOW_MS, EVERY_MS));
  return {
    updateMs: (busy.taskMs - idle.taskMs) / updates,
    idleMs: (idle.taskMs / WINDOW_MS) * 1000,
    bareMs: alone.taskMs / (WINDOW_MS / EVERY_MS),
    longTasks: busy.longTasks,
    bareLongTasks: alone.longTasks,
  };
}

async function writeFor(durationMs: number, write: () => void): Promise<void> {
  const startedAt = performance.now();
  for (let n = 1; n * EVERY_MS <= durationMs; n += 1) {
    write();
    await delay(Math.max(0, startedAt + n * EVERY_MS - performance.now()));
  }
}

async function measure(yard: BenchYard): Promise<Figure[]> {
  const attempt = await startBenchAttempt(yard);
  const page = await openCharts(yard, attempt);
  const bare = await yard.product.context.browser()?.newPage();
  if (!bare) throw new Error("the browser is gone");
  await bare.addScriptTag({
    content: readFileSync(join(process.cwd(), "node_modules/uplot/dist/uPlot.iife.min.js"), "utf8"),
  });
  let step = POINTS;
  const write = () => {
    step += 1;
    attempt.appendEvents([stepOf(step)]);
  };
  const rounds: Round[] = [];
  for (let n = 0; n <= ROUNDS; n += 1) {
    const round = await measureRound(page, bare, write);
    // The first one warms up.
    if (n > 0) rounds.push(round);
  }
  return figuresOf(rounds);
}

function figuresOf(rounds: readonly Round[]): Figure[] {
  const updates = rounds.map(({ updateMs }) => updateMs);
  const bares = rounds.map(({ bareMs }) => bareMs);
  const longTasks = rounds.flatMap((round) => round.longTasks);
  const bareLongTasks = rounds.flatMap((round) => round.bareLongTasks);
  const spread = (values: readonly number[]) =>
    `${milliseconds(median(values))} (${milliseconds(Math.min(...values))} to ${milliseconds(Math.max(...values))})`;
  return [
    absoluteFigure({
      what: `main thread per update, median of ${ROUNDS}`,
      figure: `${spread(updates)}; without updates ${milliseconds(median(rounds.map(({ idleMs }) => idleMs)))} a second`,
      baseline: `the same 8 charts in uPlot and nothing else ${spread(bares)}`,
      target: "≤ 16 ms",
      isHit: median(updates) <= 16,
    }),
    absoluteFigure({
      what: `tasks above 50 ms in ${(ROUNDS * WINDOW_MS) / 1000} s`,
      figure: tasksText(longTasks),
      baseline: `uPlot and nothing else ${tasksText(bareLongTasks)}`,
      target: "0",
      isHit: longTasks.length === 0,
    }),
  ];
}

export const row: BenchRow = {
  number: 6,
  title: `run page, ${TAGS.length} charts × ${POINTS} points, ${1000 / EVERY_MS} steps a second`,
  run: async () => {
    const why = sshdUnavailable ?? browserUnavailable;
    if (why !== null) return [unmeasuredFigure("main thread per update", why)];
    return withBenchYard({ readingMs: 1000 }, measure);
  },
};
