import type { SamplesResult } from "@/server/contracts/telemetry";

export interface HistoryRow {
  /** Unix milliseconds. */
  at: number;
  /** By position of the GPU: "0", "1", … */
  [gpu: string]: number | null;
}
export interface History {
  rows: HistoryRow[];
  from: number;
  to: number;
  timeTicks: number[];
  /** Top of the axis, and its ticks from 0. */
  max: number;
  valueTicks: number[];
}

const TIME_TICKS = 5;
/** A hole wider than this many buckets is a gap even when the server sent no null for it. */
const GAP_BUCKETS = 2.5;

/** Rows for one field of every GPU of `uuids`, in their order. Pure. */
export function prepareHistory(
  samples: SamplesResult,
  field: string,
  uuids: readonly string[],
  floorMax = 0,
): History {
  const from = Date.parse(samples.from);
  const to = Date.parse(samples.to);
  const columns = uuids.map((uuid) => samples.gpus.find((gpu) => gpu.uuid === uuid)?.values[field] ?? []);
  const rows: HistoryRow[] = [];
  samples.times.forEach((at, index) => {
    const before = samples.times[index - 1];
    if (before !== undefined && at - before > samples.bucketSeconds * 1000 * GAP_BUCKETS) {
      rows.push(rowOf((before + at) / 2, columns, null));
    }
    rows.push(rowOf(at, columns, index));
  });
  const highest = Math.max(floorMax, ...columns.flat().map((value) => value ?? 0));
  const max = niceCeiling(highest);
  return { rows, from, to, timeTicks: ticksBetween(from, to), max, valueTicks: [0, max / 2, max] };
}

function rowOf(
  at: number,
  columns: readonly (readonly (number | null)[])[],
  index: number | null,
): HistoryRow {
  const row: HistoryRow = { at };
  columns.forEach((column, gpu) => {
    row[String(gpu)] = index === null ? null : (column[index] ?? null);
  });
  return row;
}

function ticksBetween(from: number, to: number): number[] {
  return Array.from({ length: TIME_TICKS }, (_, index) => from + ((to - from) * index) / (TIME_TICKS - 1));
}

/** 83 → 100, 23052 → 24000, 0 → 1: a top that halves well. */
export function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= value) ?? 10;
  return step * power;
}

/** The newest row with a value: the bucket of now may still be empty. */
export function newestRow(history: Pick<History, "rows">): HistoryRow | null {
  return (
    history.rows.findLast(({ at: _, ...values }) => Object.values(values).some((value) => value !== null)) ??
    null
  );
}

/** The row nearest to a time; null when there is none within two buckets. */
export function rowAt(history: Pick<History, "rows">, at: number, bucketSeconds: number): HistoryRow | null {
  let best: HistoryRow | null = null;
  for (const row of history.rows) {
    if (best === null || Math.abs(row.at - at) < Math.abs(best.at - at)) best = row;
  }
  return best !== null && Math.abs(best.at - at) <= bucketSeconds * 2000 ? best : null;
}
