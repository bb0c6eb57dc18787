import { formatCount, MISSING } from "./format-number";

/** 23052 → "23,052 MiB" */
export function formatMiB(mebibytes: number | null | undefined): string {
  return mebibytes === null || mebibytes === undefined
    ? MISSING
    : `${formatCount(Math.round(mebibytes))} MiB`;
}

/** Mebibytes in gibibytes, for names of devices: 24576 → "24 GiB", 11264 → "11 GiB", 512 → "0.5 GiB" */
export function formatMiBAsGiB(mebibytes: number | null | undefined): string {
  if (mebibytes === null || mebibytes === undefined) return MISSING;
  const gibibytes = mebibytes / 1024;
  return `${formatCountOrTenth(gibibytes)} GiB`;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** 219719 → "215 KiB" */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return MISSING;
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0
    ? `${formatCount(value)} B`
    : `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** 1536 → "1.5 KiB/s" */
export function formatRate(bytesPerSecond: number | null | undefined): string {
  const text = formatBytes(bytesPerSecond);
  return text === MISSING ? MISSING : `${text}/s`;
}

function formatCountOrTenth(value: number): string {
  return value >= 10 ? formatCount(Math.round(value)) : String(Number(value.toFixed(1)));
}
