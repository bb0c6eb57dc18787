import { formatDuration } from "@/components/format/format-time";
import type { TimeEstimate } from "@/server/contracts/estimates";

/** 22.1234 → "22.1", 0.153 → "0.15", 24 → "24" */
export function formatGiB(gibibytes: number): string {
  return String(Number(gibibytes.toFixed(gibibytes < 1 ? 2 : 1)));
}

/** No estimate is good to the second: 14832 → "4 h 07 min", 2.4 → "under 1 min" */
export function formatEstimatedTime(seconds: number): string {
  if (seconds < 60) return "under 1 min";
  return formatDuration(Math.round(seconds / 60) * 60);
}

/** 132.4 → "132", 4.018 → "4.02" */
export function formatMoney(amount: number): string {
  const digits = amount < 100 ? 2 : 0;
  return amount.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function basisText({ basis, runCount }: TimeEstimate): string {
  if (basis === "published") return "by published figures";
  return runCount === 1 ? "as one finished stage here took" : `as ${runCount} finished stages here took`;
}
