export interface Interval {
  value: number;
  low: number;
  high: number;
}

/** A share of `total` with its 95 % Wilson score interval, all from 0 to 1. Honest where there are few: 1 of 1 is [0.21, 1]. */
export function wilsonInterval(count: number, total: number): Interval {
  const z = 1.959964;
  const value = count / total;
  const width = 1 + z ** 2 / total;
  const middle = (value + z ** 2 / (2 * total)) / width;
  const half = (z / width) * Math.sqrt((value * (1 - value)) / total + z ** 2 / (4 * total ** 2));
  return { value, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
