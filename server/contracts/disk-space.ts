/** Room on the disk that a node's runs write to. */
export interface DiskSpace {
  freeGiB: number;
  totalGiB: number;
}

/** 10 GB, about what one checkpoint of a small model and its log need. */
const LOW_FREE_GIB = 10e9 / 2 ** 30;
const LOW_FREE_PART = 0.05;

/** Less than 10 GB or 5 % free: said while there is still time, for a disk that is full stops logs and checkpoints. */
export function isDiskLow({ freeGiB, totalGiB }: DiskSpace): boolean {
  return freeGiB < LOW_FREE_GIB || freeGiB < totalGiB * LOW_FREE_PART;
}

/** null: not read, or not to be read. */
export function diskSpaceOf(
  host: { diskFreeGiB: number | null; diskTotalGiB: number | null } | null | undefined,
): DiskSpace | null {
  if (host?.diskFreeGiB == null || host.diskTotalGiB === null) return null;
  return { freeGiB: host.diskFreeGiB, totalGiB: host.diskTotalGiB };
}
