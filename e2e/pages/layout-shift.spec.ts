import type { Page } from "@playwright/test";
import { open, pageCalled } from "../fixtures/every-page";
import { expect, test } from "../fixtures/test";

/** What the web's vitals call good. */
const LIMIT = 0.1;

declare global {
  interface Window {
    /** Sum of all shifts since the page began that no input caused. */
    layoutShift?: number;
  }
}

function observeShifts(): void {
  window.layoutShift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (
        "value" in entry &&
        typeof entry.value === "number" &&
        !("hadRecentInput" in entry && entry.hadRecentInput)
      )
        window.layoutShift = (window.layoutShift ?? 0) + entry.value;
    }
  }).observe({ type: "layout-shift", buffered: true });
}

/** Two frames after the last request: what was read is on the screen by then. */
async function shiftOf(page: Page): Promise<number> {
  await page.waitForLoadState("networkidle");
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(window.layoutShift ?? Number.NaN)));
      }),
  );
}

for (const name of ["yard", "run, charts", "node"]) {
  test(`${name}: nothing jumps while it loads`, async ({ page, finished }) => {
    await page.addInitScript(observeShifts);
    await open(page, pageCalled(name), finished);
    expect(await shiftOf(page)).toBeLessThan(LIMIT);
  });
}
