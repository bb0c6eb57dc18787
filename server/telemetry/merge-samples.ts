import { type HostSample, TELEMETRY_FIELDS, type TelemetryField } from "../contracts/telemetry";
import { GPU_FIELDS } from "./gpu-fields";
import { HOST_SERIES, type Rollup } from "./roll-up";
import { HOST_FIELDS, type TickColumns } from "./tick-codec";

export interface SampleColumns {
  times: number[];
  gpus: { uuid: string; values: Record<string, (number | null)[]> }[];
  host: Record<string, (number | null)[]>;
}

/** Readings further apart than this have a gap between them. */
const GAP_MS = 3_000;
const HOST_KEYS = Object.keys(HOST_FIELDS) as (keyof HostSample)[];

const fieldIndexes = (fields: readonly TelemetryField[]) =>
  fields.map((field) => ({ field, at: TELEMETRY_FIELDS.indexOf(field) }));

/** Buckets on a whole grid from `from` to `to` (Unix ms). A bucket without a reading is null. */
export function gridSamples(
  rollups: readonly Rollup[],
  grid: { from: number; to: number; bucketSeconds: number; fields: readonly TelemetryField[] },
): SampleColumns {
  const bucketMs = grid.bucketSeconds * 1000;
  const first = Math.floor(grid.from / bucketMs) * bucketMs;
  const length = Math.max(1, Math.ceil((grid.to - first) / bucketMs));
  const times = Array.from({ length }, (_, at) => first + at * bucketMs);
  const byUuid = new Map<string, Rollup[]>();
  for (const rollup of rollups) {
    const series = byUuid.get(rollup.gpuUuid) ?? [];
    byUuid.set(rollup.gpuUuid, series);
    series.push(rollup);
  }
  const column = (uuid: string, field: number, statistic: "mean" | "max") => {
    const sum = new Array<number>(length).fill(0);
    const weight = new Array<number>(length).fill(0);
    const values = new Array<number | null>(length).fill(null);
    for (const rollup of byUuid.get(uuid) ?? []) {
      const at = Math.floor((rollup.at - first) / bucketMs);
      const value = rollup[statistic][field] ?? null;
      if (value === null || at < 0 || at >= length) continue;
      if (statistic === "max") {
        values[at] = Math.max(values[at] ?? value, value);
        continue;
      }
      sum[at] = (sum[at] ?? 0) + value * rollup.sampleCount;
      weight[at] = (weight[at] ?? 0) + rollup.sampleCount;
      values[at] = (sum[at] ?? 0) / (weight[at] ?? 1);
    }
    return values;
  };
  return {
    times,
    gpus: [...byUuid.keys()]
      .filter((uuid) => uuid !== HOST_SERIES)
      .map((uuid) => ({
        uuid,
        values: Object.fromEntries(
          fieldIndexes(grid.fields).map(({ field, at }) => [
            field,
            column(uuid, at, GPU_FIELDS[field].statistic),
          ]),
        ),
      })),
    host: Object.fromEntries(HOST_KEYS.map((key, at) => [key, column(HOST_SERIES, at, "mean")])),
  };
}

/** The readings themselves between `from` and `to`, each time once, with one null point in every gap. */
export function plainSamples(
  blocks: readonly TickColumns[],
  range: { from: number; to: number; fields: readonly TelemetryField[] },
): SampleColumns {
  const readings = blocks
    .flatMap((block) => block.times.map((time, t) => ({ time, t, block })))
    .filter(({ time }) => time >= range.from && time <= range.to)
    .sort((one, other) => one.time - other.time)
    .filter(({ time }, at, all) => time !== all[at - 1]?.time);
  const points = readings.flatMap((reading, at) => {
    const previous = readings[at - 1]?.time ?? reading.time;
    return reading.time - previous > GAP_MS
      ? [
          { time: previous + 1000, reading: null },
          { time: reading.time, reading },
        ]
      : [{ time: reading.time, reading }];
  });
  const uuids = [...new Set(blocks.flatMap(({ gpus }) => gpus.map((gpu) => gpu.uuid)))];
  const byUuid = new Map(
    blocks.map((block) => [block, new Map(block.gpus.map((gpu) => [gpu.uuid, gpu.values]))] as const),
  );
  return {
    times: points.map(({ time }) => time),
    gpus: uuids.map((uuid) => ({
      uuid,
      values: Object.fromEntries(
        fieldIndexes(range.fields).map(({ field, at }) => [
          field,
          points.map(({ reading }) =>
            reading === null ? null : (byUuid.get(reading.block)?.get(uuid)?.[at]?.[reading.t] ?? null),
          ),
        ]),
      ),
    })),
    host: Object.fromEntries(
      HOST_KEYS.map((key, at) => [
        key,
        points.map(({ reading }) =>
          reading === null ? null : (reading.block.host.values[at]?.[reading.t] ?? null),
        ),
      ]),
    ),
  };
}
