import { TELEMETRY_FIELDS } from "../contracts/telemetry";
import { HOST_FIELDS, type TickColumns } from "./tick-codec";

/** The pseudo GPU under which the host's fields are rolled up, in the order of HOST_FIELDS. */
export const HOST_SERIES = "host";

/** min, mean and max of each field over one bucket; null where the field was never read. */
export interface Rollup {
  gpuUuid: string;
  /** Start of the bucket, Unix ms. */
  at: number;
  sampleCount: number;
  min: (number | null)[];
  mean: (number | null)[];
  max: (number | null)[];
}

class Accumulator {
  sampleCount = 0;
  readonly #count: number[];
  readonly #sum: number[];
  readonly #min: number[];
  readonly #max: number[];

  constructor(fields: number) {
    this.#count = new Array<number>(fields).fill(0);
    this.#sum = new Array<number>(fields).fill(0);
    this.#min = new Array<number>(fields).fill(Number.POSITIVE_INFINITY);
    this.#max = new Array<number>(fields).fill(Number.NEGATIVE_INFINITY);
  }

  add(field: number, value: number): void {
    this.#count[field] = (this.#count[field] ?? 0) + 1;
    this.#sum[field] = (this.#sum[field] ?? 0) + value;
    this.#min[field] = Math.min(this.#min[field] ?? value, value);
    this.#max[field] = Math.max(this.#max[field] ?? value, value);
  }

  finish(): Pick<Rollup, "min" | "mean" | "max"> {
    const known = (values: readonly number[]) =>
      values.map((value, field) => (this.#count[field] === 0 ? null : value));
    return {
      min: known(this.#min),
      mean: known(this.#sum.map((sum, field) => sum / (this.#count[field] ?? 1))),
      max: known(this.#max),
    };
  }
}

interface Series {
  uuid: string;
  isPresent: readonly boolean[];
  values: readonly (readonly (number | null)[])[];
}

/**
 * Rolls blocks of one node's ticks up into buckets aligned to the Unix epoch. A GPU has a rollup in every bucket in
 * which it was part of a reading; a field that was null all the time stays null.
 */
export function rollUp(blocks: readonly TickColumns[], bucketSeconds: number): Rollup[] {
  const bucketMs = bucketSeconds * 1000;
  const found = new Map<string, { uuid: string; at: number; accumulator: Accumulator }>();
  for (const { times, gpus, host } of blocks) {
    const series: Series[] = [...gpus, { uuid: HOST_SERIES, ...host }];
    for (const { uuid, isPresent, values } of series) {
      times.forEach((time, t) => {
        if (!isPresent[t]) return;
        const at = Math.floor(time / bucketMs) * bucketMs;
        const key = `${at} ${uuid}`;
        const fields = uuid === HOST_SERIES ? Object.keys(HOST_FIELDS).length : TELEMETRY_FIELDS.length;
        const entry = found.get(key) ?? { uuid, at, accumulator: new Accumulator(fields) };
        found.set(key, entry);
        addReading(entry.accumulator, values, t);
      });
    }
  }
  return [...found.values()].map(({ uuid, at, accumulator }) => ({
    gpuUuid: uuid,
    at,
    sampleCount: accumulator.sampleCount,
    ...accumulator.finish(),
  }));
}

function addReading(accumulator: Accumulator, values: Series["values"], t: number): void {
  accumulator.sampleCount += 1;
  values.forEach((column, field) => {
    const value = column[t] ?? null;
    if (value !== null) accumulator.add(field, value);
  });
}
