import type { BenchRow } from "./bench-row";

/** In the row's own process: measures and hands the figures to the process that prints the table. */
export async function runRow(row: BenchRow): Promise<void> {
  const figures = await row.run();
  process.send?.({ number: row.number, title: row.title, figures });
  process.disconnect?.();
}
