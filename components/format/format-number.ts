export const MISSING = "—";
const MINUS = "−";

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 23052 → "23,052" */
export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined || !Number.isFinite(value)
    ? MISSING
    : minus(grouped.format(value));
}

/** 99.4 → "99 %" */
export function formatPercent(percent: number | null | undefined): string {
  return percent === null || percent === undefined ? MISSING : `${formatCount(Math.round(percent))} %`;
}

/** Four significant digits, a real minus, no exponent between 1e-4 and 1e6: 1.8085135 → "1.809" */
export function formatScalar(value: number | null | undefined): string {
  if (value === null || value === undefined) return MISSING;
  if (!Number.isFinite(value)) return minus(Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞");
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return minus(trimZeros(value.toExponential(2)));
  if (Number.isInteger(value) || size >= 1000) return formatCount(value);
  return minus(String(Number(value.toPrecision(4))));
}

/** As formatScalar, with a sign in front of both kinds: "+2.94", "−0.68" */
export function formatSigned(value: number | null | undefined): string {
  const text = formatScalar(value);
  return value !== null && value !== undefined && value > 0 ? `+${text}` : text;
}

const SI = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
  [1, ""],
  [1e-3, "m"],
  [1e-6, "µ"],
  [1e-9, "n"],
] as const;

/** For axes: 12500 → "12.5k", 0.0004 → "400µ", 0.25 → "0.25" */
export function formatSi(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 0.01 && size < 1000) return minus(String(Number(value.toPrecision(3))));
  const [unit, suffix] = SI.find(([from]) => size >= from) ?? [1e-9, "n"];
  return minus(`${Number((value / unit).toPrecision(3))}${suffix}`);
}

/** For the marks of one axis, all in one notation: "0.005", "0.01"; below 0.01 "7.5e−4"; from 1,000 on "12.5k". */
export function formatTicks(values: readonly number[]): string[] {
  const largest = Math.max(...values.map(Math.abs));
  if (largest >= 1000) return values.map(formatSi);
  if (largest >= 0.01) return values.map((value) => minus(String(Number(value.toPrecision(3)))));
  return values.map((value) => (value === 0 ? "0" : minus(trimZeros(value.toExponential(2)))));
}

function trimZeros(exponential: string): string {
  return exponential.replace(/\.?0+e/, "e").replace("e+", "e");
}

function minus(text: string): string {
  return text.replaceAll("-", MINUS);
}
