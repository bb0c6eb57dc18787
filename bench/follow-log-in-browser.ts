import { setTimeout as delay } from "node:timers/promises";
import { startBenchAttempt } from "./bench-attempt";
import { withBenchYard } from "./bench-product";
import { absoluteFigure, type Figure, milliseconds } from "./bench-row";
import { measureMainThread } from "./main-thread";
import { tasksText } from "./tasks-text";

const LINES_PER_SECOND = 50_000;
const EVERY_MS = 100;
const SECONDS = 15;
/** What is shown has to be this new when the writing ends, or the page would only have looked away. */
const CAUGHT_UP_MS = 5000;

const linesFrom = (first: number): string =>
  Array.from(
    { length: (LINES_PER_SECOND * EVERY_MS) / 1000 },
    (_, index) => `[INFO] [utils.py:781:see_memory_usage] line ${first + index} MA 3.96 GB Max_MA 22.95 GB`,
  ).join("\n");

/** The log tab, following, while its log grows as fast as no training writes. */
export function followLogInBrowser(): Promise<Figure[]> {
  return withBenchYard({ readingMs: 1000 }, async (yard) => {
    const attempt = await startBenchAttempt(yard);
    attempt.appendLog(linesFrom(0));
    const page = await yard.product.context.newPage();
    await page.goto(`/runs/${attempt.runId}?stage=sft&tab=log`);
    await page.getByText("line 4999 ").waitFor();
    const idle = await measureMainThread(page, () => delay(SECONDS * 1000));
    let written = 0;
    const busy = await measureMainThread(page, async () => {
      const startedAt = performance.now();
      for (let n = 1; n * EVERY_MS <= SECONDS * 1000; n += 1) {
        written += (LINES_PER_SECOND * EVERY_MS) / 1000;
        attempt.appendLog(linesFrom(written));
        await delay(Math.max(0, startedAt + n * EVERY_MS - performance.now()));
      }
    });
    const last = written + (LINES_PER_SECOND * EVERY_MS) / 1000 - 1;
    await page.getByText(`line ${last} `).waitFor({ timeout: CAUGHT_UP_MS });
    const perSecond = ({ taskMs }: { taskMs: number }) => milliseconds(taskMs / SECONDS);
    return [
      absoluteFigure({
        what: `followed in the browser at ${LINES_PER_SECOND / 1000}k lines a second: tasks above 50 ms in ${SECONDS} s`,
        figure: `${tasksText(busy.longTasks)}; ${perSecond(busy)} of main thread a second`,
        baseline: `the same page, nothing written: ${tasksText(idle.longTasks)}; ${perSecond(idle)} a second`,
        target: "0",
        isHit: busy.longTasks.length === 0,
      }),
    ];
  });
}
