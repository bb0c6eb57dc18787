export interface ScoreScale {
  min: number;
  max: number;
}

/** One scale for all models, so that their histograms can be compared; null when nothing has a score. */
export function scoreScale(scores: readonly number[]): ScoreScale | null {
  if (scores.length === 0) return null;
  const [min, max] = [Math.min(...scores), Math.max(...scores)];
  return min === max ? { min: min - 0.5, max: max + 0.5 } : { min, max };
}

/** Where a score lies on the scale, from 0 to 1. */
export function placeOf(score: number, { min, max }: ScoreScale): number {
  return (score - min) / (max - min);
}

/** How many scores lie in each of `binCount` equal parts of the scale; the highest score is in the last. */
export function countByBin(scores: readonly number[], scale: ScoreScale, binCount: number): number[] {
  const bins = Array.from({ length: binCount }, () => 0);
  for (const score of scores) {
    const bin = Math.min(binCount - 1, Math.floor(placeOf(score, scale) * binCount));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}
