import type { Page } from "@playwright/test";
import { open, pageCalled } from "../fixtures/every-page";
import { expect, test } from "../fixtures/test";

/** What the web's vitals call good. */
const LIMIT = 0.1;

interface Shift {
  value: number;
  /** The first element that moved, from where to where. */
  moved: string;
}

declare global {
  interface Window {
    /** Every shift since the page began that no input caused. */
    shifts?: Shift[];
  }
  interface PerformanceEntry {
    value?: number;
    hadRecentInput?: boolean;
    sources?: { node: Element | null; previousRect: DOMRect; currentRect: DOMRect }[];
  }
}

function observeShifts(): void {
  const shifts: Shift[] = [];
  window.shifts = shifts;
  new PerformanceObserver((list) => {
    for (const { value = 0, hadRecentInput, sources = [] } of list.getEntries()) {
      const { node, previousRect, currentRect } = sources[0] ?? {};
      const text = node?.textContent?.slice(0, 60);
      if (!hadRecentInput) shifts.push({ value, moved: `“${text}” ${previousRect?.y} → ${currentRect?.y}` });
    }
  }).observe({ type: "layout-shift", buffered: true });
}

/** Two frames after the last request: what was read is on the screen by then. */
async function shiftsOf(page: Page): Promise<Shift[]> {
  await page.waitForLoadState("networkidle");
  return page.evaluate(
    () =>
      new Promise<Shift[]>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(window.shifts ?? [])));
      }),
  );
}

for (const name of ["yard", "run, charts", "node"]) {
  test(`${name}: nothing jumps while it loads`, async ({ page, finished }) => {
    await page.addInitScript(observeShifts);
    await open(page, pageCalled(name), finished);
    const shifts = await shiftsOf(page);
    const sum = shifts.reduce((total, { value }) => total + value, 0);
    expect(sum, JSON.stringify(shifts, null, 1)).toBeLessThan(LIMIT);
  });
}
