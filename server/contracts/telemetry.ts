import { z } from "zod";
import { Id, Timestamp } from "./primitives";

export { TELEMETRY_FIELDS, type TelemetryField } from "./telemetry-fields";

const nullableNumber = z.number().nullable();
export const HostSample = z.object({
  cpuPercent: nullableNumber,
  memoryUsedMiB: nullableNumber,
  memoryTotalMiB: nullableNumber,
  loadAverage: nullableNumber,
  diskFreeGiB: nullableNumber,
  diskTotalGiB: nullableNumber,
  networkReceivedBytesPerSecond: nullableNumber,
  networkSentBytesPerSecond: nullableNumber,
});
export type HostSample = z.infer<typeof HostSample>;

export const GpuProcess = z.object({
  pid: z.number().int(),
  name: z.string(),
  user: z.string().nullable(),
  memoryMiB: nullableNumber,
  gpuUuid: z.string(),
  /** The attempt whose id is in the process's environment; null: foreign. */
  attemptId: Id.nullable(),
});
export type GpuProcess = z.infer<typeof GpuProcess>;

/**
 * One reading of one node, as columns: `values[f][g]` is TELEMETRY_FIELDS[f] of gpuUuids[g].
 * Units are in the field names; performanceState is the n of Pn, throttleReasons the bit mask as a number.
 */
export const TelemetryTick = z.object({
  nodeId: Id,
  /** Unix milliseconds, our clock, when the line arrived. */
  at: z.number(),
  gpuUuids: z.array(z.string()),
  values: z.array(z.array(nullableNumber)),
  host: HostSample.nullable(),
  /** Only in ticks in which the process list was read; null otherwise. */
  processes: z.array(GpuProcess).nullable(),
  /** What nvidia-smi said instead of a reading: "Unable to determine the device handle …". */
  problem: z.string().nullable().optional(),
});
export type TelemetryTick = z.infer<typeof TelemetryTick>;

export const SamplesQuery = z.object({
  from: Timestamp.optional(),
  to: Timestamp.optional(),
  /** Comma-separated TELEMETRY_FIELDS; utilisation, memory, temperature and power when missing. */
  fields: z.string().max(1000).optional(),
  points: z.coerce.number().int().min(10).max(5000).default(600),
});
export type SamplesQuery = z.infer<typeof SamplesQuery>;

/** Columns per GPU. null is a gap: nothing was read then, or the field was not available. */
export const SamplesResult = z.object({
  from: Timestamp,
  to: Timestamp,
  /** Seconds that one point stands for. */
  bucketSeconds: z.number(),
  /** Unix milliseconds. */
  times: z.array(z.number()),
  gpus: z.array(
    z.object({
      uuid: z.string(),
      /** By field name: the bucket's max (memory, temperature, power) or mean (utilisation). */
      values: z.record(z.string(), z.array(nullableNumber)),
    }),
  ),
  /** The host's columns, by HostSample's field names, over the same times; means. */
  host: z.record(z.string(), z.array(nullableNumber)).optional(),
});
export type SamplesResult = z.infer<typeof SamplesResult>;
