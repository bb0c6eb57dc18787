import { TELEMETRY_FIELDS, type TelemetryTick } from "../contracts/telemetry";

/** Numbers below 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const gpuUuid = (number: number) =>
  `GPU-${number.toString(16).padStart(8, "0")}-0000-4000-8000-00000000abcd`;

export interface FakeTicksOptions {
  nodeId: string;
  from: number;
  count: number;
  gpus: number;
  seed?: number;
  /** Share of values that are null. */
  nullShare?: number;
  everyMs?: number;
}

/** Telemetry as a training makes it: busy GPUs with noise, jittered times, two decimals of power. */
export function fakeTicks(options: FakeTicksOptions): TelemetryTick[] {
  const { nodeId, from, count, gpus, seed = 1, nullShare = 0, everyMs = 1000 } = options;
  const random = seededRandom(seed);
  const between = (low: number, high: number) => Math.round(low + random() * (high - low));
  const reading = () => [
    between(88, 100),
    between(35, 60),
    between(23_000, 23_100),
    250,
    between(1_000, 1_100),
    24_576,
    between(61, 66),
    between(15_000, 16_500) / 100,
    165,
    between(1_350, 1_440),
    1_215,
    null,
    0,
    random() < 0.5 ? 0 : 4,
    0,
    0,
    4,
    16,
  ];
  return Array.from({ length: count }, (_, t) => {
    const columns = Array.from({ length: gpus }, () =>
      reading().map((value) => (random() < nullShare ? null : value)),
    );
    return {
      nodeId,
      at: from + t * everyMs + between(0, 40),
      gpuUuids: columns.map((_column, gpu) => gpuUuid(gpu)),
      values: TELEMETRY_FIELDS.map((_field, at) => columns.map((column) => column[at] ?? null)),
      host: {
        cpuPercent: between(100, 900) / 10,
        memoryUsedMiB: between(60_000, 61_000),
        memoryTotalMiB: 128_000,
        loadAverage: between(400, 600) / 100,
        diskFreeGiB: 812.25,
        diskTotalGiB: 1_024,
        networkReceivedBytesPerSecond: between(1_000, 200_000),
        networkSentBytesPerSecond: between(1_000, 90_000),
      },
      processes: null,
    };
  });
}
