import type { TrainingLog } from "../output/log";

/** Where a stage runs: its simulated devices and its log. */
export interface StageContext {
  log: TrainingLog;
  /** Devices of this stage. One process computes for all of them; a global batch is split in as many ranks. */
  worldSize: number;
  device: DeviceUse;
}

/** The simulated GPU memory of a training process. */
export interface DeviceUse {
  /** A micro batch of this many tokens per device is about to be computed. @throws OutOfMemoryError */
  holdTokens(tokens: number): void;
  memory(): { allocatedMiB: number; peakMiB: number };
}

export function chunk<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let i = 0; i < items.length; i += size) chunks.push(items.slice(i, i + size));
  return chunks;
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}
