import type { SamplesResult } from "@/server/contracts/telemetry";

/** Columns of one field for these GPUs: seconds since `startedAtMs` first, then one column a GPU. Holes become gaps. */
export function gpuColumns(
  samples: SamplesResult,
  field: string,
  uuids: readonly string[],
  startedAtMs: number,
): (number | null)[][] {
  const columns: (number | null)[][] = [[], ...uuids.map(() => [])];
  const sources = uuids.map((uuid) => samples.gpus.find((gpu) => gpu.uuid === uuid)?.values[field] ?? []);
  const push = (at: number, index: number | null) => {
    columns[0]?.push((at - startedAtMs) / 1000);
    sources.forEach((source, gpu) => {
      columns[gpu + 1]?.push(index === null ? null : (source[index] ?? null));
    });
  };
  samples.times.forEach((at, index) => {
    const before = samples.times[index - 1];
    if (before !== undefined && at - before > samples.bucketSeconds * 2500) push((at + before) / 2, null);
    push(at, index);
  });
  return columns;
}
