import type { TrainingLog } from "../output/log";

/** Where a stage runs: its simulated devices and its log. */
export interface StageContext {
  log: TrainingLog;
  /** Devices of this stage. One process computes for all of them; a global batch is split in as many ranks. */
  worldSize: number;
  device: DeviceUse;
  /** Where Python would look for modules, and local/jsonfile for its rows. */
  pythonPath: string;
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

/**
 * Batches of one epoch by step and rank, as PyTorch's DistributedSampler deals them: every rank gets as many, the first
 * items come again where they do not divide.
 */
export function dealBatches<T>(items: readonly T[], worldSize: number, batchSize: number): T[][][] {
  const perRank = Math.ceil(items.length / worldSize);
  const ranks = Array.from({ length: worldSize }, (_, rank) => {
    const own = Array.from({ length: perRank }, (_, i) => items[(i * worldSize + rank) % items.length] as T);
    return chunk(own, batchSize);
  });
  return Array.from({ length: Math.ceil(perRank / batchSize) }, (_, step) =>
    ranks.map((batches) => batches[step] ?? []),
  );
}

export function countBatches(itemCount: number, worldSize: number, batchSize: number): number {
  return Math.ceil(Math.ceil(itemCount / worldSize) / batchSize);
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}
