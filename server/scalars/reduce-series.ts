/** Indices of the points that a reduced line keeps, in order, and of those that are no finite number. */
export interface ReducedSeries {
  /** Finite points: first, last, and the least and greatest of each bucket. */
  kept: Uint32Array;
  /** NaN and infinities, all of them up to `maximum`: shown as marks beside the line, never inside it. */
  beside: Uint32Array;
}

/**
 * Min-max reduction: `values` fall into maximum / 2 buckets of equal length, and each gives its least and its greatest
 * point. A spike is the least or greatest of its bucket, so every spike stays. About `maximum` indices come back.
 */
export function reduceSeries(values: Float64Array, maximum: number): ReducedSeries {
  const count = values.length;
  const buckets = Math.max(1, Math.floor(maximum / 2));
  const kept = new Uint32Array(2 * buckets + 2);
  const beside: number[] = [];
  if (count <= maximum) return keepAll(values);
  const size = count / buckets;
  let used = 0;
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const start = Math.floor(bucket * size);
    const end = bucket === buckets - 1 ? count : Math.floor((bucket + 1) * size);
    let least = start;
    let greatest = start;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (let i = start; i < end; i += 1) {
      const value = values[i] as number;
      sum += value;
      if (value < low) {
        low = value;
        least = i;
      }
      if (value > high) {
        high = value;
        greatest = i;
      }
    }
    // One addition a point finds the buckets that need the slow way: NaN and infinities stay in a sum.
    if (sum - sum !== 0) {
      used = reduceSlowly(values, { start, end }, { kept, used, beside, maximum });
      continue;
    }
    used = keepPair(kept, used, least, greatest);
  }
  return { kept: withEnds(values, kept, used), beside: Uint32Array.from(beside) };
}

function keepAll(values: Float64Array): ReducedSeries {
  const kept: number[] = [];
  const beside: number[] = [];
  for (let i = 0; i < values.length; i += 1) (Number.isFinite(values[i]) ? kept : beside).push(i);
  return { kept: Uint32Array.from(kept), beside: Uint32Array.from(beside) };
}

function keepPair(kept: Uint32Array, used: number, a: number, b: number): number {
  kept[used] = Math.min(a, b);
  if (a === b) return used + 1;
  kept[used + 1] = Math.max(a, b);
  return used + 2;
}

function reduceSlowly(
  values: Float64Array,
  { start, end }: { start: number; end: number },
  to: { kept: Uint32Array; used: number; beside: number[]; maximum: number },
): number {
  let least = -1;
  let greatest = -1;
  for (let i = start; i < end; i += 1) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) {
      if (to.beside.length < to.maximum) to.beside.push(i);
      continue;
    }
    if (least < 0 || value < (values[least] as number)) least = i;
    if (greatest < 0 || value > (values[greatest] as number)) greatest = i;
  }
  return least < 0 ? to.used : keepPair(to.kept, to.used, least, greatest);
}

/** The first and the last finite point, so that a line begins and ends where the data do. */
function withEnds(values: Float64Array, kept: Uint32Array, used: number): Uint32Array {
  const first = values.findIndex(Number.isFinite);
  if (first < 0) return new Uint32Array(0);
  const last = values.findLastIndex(Number.isFinite);
  const head = kept[0] === first ? [] : [first];
  const tail = kept[used - 1] === last ? [] : [last];
  return Uint32Array.from([...head, ...kept.subarray(0, used), ...tail]);
}
