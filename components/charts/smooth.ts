/**
 * Exponential moving average, corrected for its start as TensorBoard does it, so that the first values are not pulled
 * to zero. `weight` 0 changes nothing, towards 1 it follows ever more slowly. A gap stays a gap and does not count.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0) return [...values];
  let sum = 0;
  let correction = 1;
  return values.map((value) => {
    if (value === null) return null;
    sum = sum * weight + value * (1 - weight);
    correction *= weight;
    return sum / (1 - correction);
  });
}
