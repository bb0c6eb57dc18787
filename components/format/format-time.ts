import { MISSING } from "./format-number";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** 0.34 → "0.3 s", 34 → "34 s", 572 → "9 min 32 s", 8640 → "2 h 24 min", 100000 → "1 d 3 h" */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return MISSING;
  const total = Math.max(0, seconds);
  if (total < 9.95) return `${total.toFixed(1)} s`;
  const whole = Math.round(total);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return pair(Math.floor(whole / MINUTE), "min", whole % MINUTE, "s");
  if (whole < DAY) return pair(Math.floor(whole / HOUR), "h", Math.floor((whole % HOUR) / MINUTE), "min");
  return pair(Math.floor(whole / DAY), "d", Math.floor((whole % DAY) / HOUR), "h");
}

/** For axes: 10 → "0:10", 100 → "1:40", 3725 → "1:02:05" */
export function formatElapsed(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / HOUR), Math.floor((whole % HOUR) / MINUTE)];
  const tail = String(whole % MINUTE).padStart(2, "0");
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, "0")}:${tail}`;
}

/** A rough one for what is left: 1140 → "19 min", 31200 → "8 h 40 min", 41 → "under 1 min" */
export function formatLeft(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return MISSING;
  if (seconds < MINUTE) return "under 1 min";
  return formatDuration(seconds < HOUR ? Math.round(seconds / MINUTE) * MINUTE : seconds).replace(
    / 0 s$/,
    "",
  );
}

/** Seconds between two times; the second one may be missing, then until `nowMs`. Null before the start. */
export function secondsBetween(from: string | null, to: string | null, nowMs: number): number | null {
  if (from === null) return null;
  return Math.max(0, ((to === null ? nowMs : Date.parse(to)) - Date.parse(from)) / 1000);
}

/** "0.3 s ago", "2 h 24 min ago", "never" */
export function formatAge(at: string | number | null | undefined, nowMs: number): string {
  if (at === null || at === undefined) return "never";
  const atMs = typeof at === "number" ? at : Date.parse(at);
  return `${formatDuration((nowMs - atMs) / 1000)} ago`;
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const clockSeconds = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const dayAndClock = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

/** "18:42" today, "24 Nov, 18:42" on other days */
export function formatMoment(at: string | number, nowMs: number): string {
  const date = new Date(at);
  return date.toDateString() === new Date(nowMs).toDateString()
    ? clock.format(date)
    : dayAndClock.format(date);
}

/** "18:42:07" */
export function formatClockSeconds(at: string | number): string {
  return clockSeconds.format(new Date(at));
}

function pair(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0
    ? `${big} ${bigUnit}`
    : `${big} ${bigUnit} ${String(small).padStart(2, "0")} ${smallUnit}`;
}
