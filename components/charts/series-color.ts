const COLORS = 4;
const DASHES = [undefined, "4 3", "1 3"] as const;

/** Colour tokens for lines beside each other that are no stages; after four the dash tells them apart. */
export function seriesColor(index: number): string {
  return `var(--series-${index % COLORS})`;
}

export function seriesDash(index: number): string | undefined {
  return DASHES[Math.floor(index / COLORS) % DASHES.length];
}
