import type { Page } from "@playwright/test";
import type uPlot from "uplot";

declare global {
  var benchCharts: uPlot[] | undefined;
}

/** Eight charts of 2,000 points and two lines as the run page shows them, fed one point at a time, with no page around. */
export async function drawBareCharts(page: Page, durationMs: number, everyMs: number): Promise<void> {
  await page.evaluate(
    async ({ durationMs, everyMs }) => {
      // Safe because the row has put the library's script, which defines it, into this page.
      const { uPlot: Chart } = globalThis as unknown as { uPlot: typeof uPlot };
      const axis = { ticks: { show: false }, font: "10px monospace" };
      const options = {
        width: 470,
        height: 148,
        legend: { show: false },
        scales: { x: { time: false } },
        axes: [axis, axis],
        series: [{}, ...[0.28, 1].map((alpha) => ({ stroke: "#56b4e9", alpha, points: { show: false } }))],
      };
      const xs = Array.from({ length: 2000 }, (_, index) => index);
      const ys = xs.map((x) => 2 + Math.sin(x / 40) + ((x * 7919) % 97) / 200);
      globalThis.benchCharts ??= Array.from(
        { length: 8 },
        () => new Chart(options, [xs, ys, ys], document.body),
      );
      for (let n = 0; n * everyMs < durationMs; n += 1) {
        xs.push(xs.length);
        ys.push(2 + Math.sin(n / 40));
        for (const chart of globalThis.benchCharts) chart.setData([xs, ys, ys]);
        await new Promise((done) => setTimeout(done, everyMs));
      }
    },
    { durationMs, everyMs },
  );
}
