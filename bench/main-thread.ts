import type { Page } from "@playwright/test";

export interface MainThread {
  /** CPU time of the page's main thread in tasks, layout and paint of its own included. */
  taskMs: number;
  /** Durations of the tasks above 50 ms. */
  longTasks: number[];
}

/** What the page's main thread did while `work` ran. */
export async function measureMainThread(page: Page, work: () => Promise<void>): Promise<MainThread> {
  const session = await page.context().newCDPSession(page);
  // Thread time: what other programs of the machine take is not the page's.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const read = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1000;
  };
  const observer = await page.evaluateHandle(() => {
    const durations: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) durations.push(duration);
    });
    observer.observe({ type: "longtask" });
    return { durations, stop: () => observer.disconnect() };
  });
  const before = await read();
  await work();
  const taskMs = (await read()) - before;
  const longTasks = await observer.evaluate(({ durations, stop }) => {
    stop();
    return durations;
  });
  await session.detach();
  return { taskMs, longTasks };
}
