import type { SamplesResult } from "@/server/contracts/telemetry";

/** Columns of one field, in `divisor` of its own units, for these GPUs: seconds since `startedAtMs` first, then one column a GPU. Holes become gaps. */
export function gpuColumns(
  samples: SamplesResult,
  { field, divisor }: { field: string; divisor: number },
  uuids: readonly string[],
  startedAtMs: number,
): (number | null)[][] {
  const columns: (number | null)[][] = [[], ...uuids.map(() => [])];
  const sources = uuids.map((uuid) => samples.gpus.find((gpu) => gpu.uuid === uuid)?.values[field] ?? []);
  const push = (at: number, index: number | null) => {
    columns[0]?.push((at - startedAtMs) / 1000);
    sources.forEach((source, gpu) => {
      const value = index === null ? null : (source[index] ?? null);
      columns[gpu + 1]?.push(value === null ? null : value / divisor);
    });
  };
  samples.times.forEach((at, index) => {
    const before = samples.times[index - 1];
    if (before !== undefined && at - before > samples.bucketSeconds * 2500) push((at + before) / 2, null);
    push(at, index);
  });
  return columns;
}
