import { formatMoney } from "@/components/estimates/format-estimate";
import { formatDuration, formatLeft } from "@/components/format/format-time";
import type { RunForecast, StageForecast } from "@/server/contracts/forecasts";
import { isTerminal, STAGE_LABEL, type Status } from "@/server/contracts/statuses";

/** What is left of a number of seconds that were left at `asOf`. */
export function leftAt(secondsLeft: number, asOf: string, nowMs: number): number {
  return Math.max(0, secondsLeft - Math.max(0, nowMs - Date.parse(asOf)) / 1000);
}

export interface RunLeft {
  seconds: number;
  /** stage: of what works now only, because a later stage cannot be told. */
  of: "run" | "stage";
}

/** What is left of a run, or else of the stages that work now; null when neither is known or none is under way. */
export function runLeft({ status, forecast, stages }: RunLike, nowMs: number): RunLeft | null {
  if (isTerminal(status) || status === "queued") return null;
  const { secondsLeft, asOf } = forecast;
  if (secondsLeft !== null) return { seconds: leftAt(secondsLeft, asOf, nowMs), of: "run" };
  const working = stages.filter((stage) => stage.status === "running" || stage.status === "starting");
  const known = working.flatMap(({ kind }) => forecastOf(forecast, kind)?.secondsLeft ?? []);
  if (known.length === 0) return null;
  return { seconds: leftAt(Math.max(...known), asOf, nowMs), of: "stage" };
}

interface RunLike {
  status: Status;
  forecast: RunForecast;
  stages: readonly { kind: StageForecast["stage"]; status: Status }[];
}

export function forecastOf({ stages }: RunForecast, kind: StageForecast["stage"]): StageForecast | null {
  return stages.find(({ stage }) => stage === kind) ?? null;
}

/** What a time rests on, for a tooltip; null where there is none. */
export function sourceText({ basis, basisCount, isSameSettings, errorShare }: StageForecast): string | null {
  switch (basis) {
    case "steps":
      return `from the last ${basisCount} steps of this stage`;
    case "own": {
      const runs = basisCount === 1 ? "one finished run" : `${basisCount} finished runs`;
      return `from ${runs} with ${isSameSettings ? "the same settings" : "other settings, in proportion"}`;
    }
    case "published": {
      const error = errorShare === null ? "" : `, ±${Math.round(errorShare * 100)} % or more`;
      return `from DeepSpeed-Chat's published figures${error}`;
    }
    case "actual":
      return "what it took";
    case null:
      return null;
  }
}

/** Where each of the open stages' times comes from, a line a stage. */
export function runSourceText({ forecast, stages }: RunLike): string {
  return stages
    .filter(({ status }) => !isTerminal(status))
    .flatMap(({ kind }) => {
      const told = forecastOf(forecast, kind);
      const text = told && (sourceText(told) ?? told.reason);
      return text ? [`${STAGE_LABEL[kind]}: ${text}`] : [];
    })
    .join("\n");
}

export interface PastFigures {
  /** "41 min" */
  estimated: string;
  /** 0: before it started. */
  step: number;
  /** "43 min" */
  took: string;
}

/** The first time that a stage told by its own steps, else what was told before it started; null when nothing was. */
export function pastFigures({ past, totalSeconds }: StageForecast): PastFigures | null {
  const told = past.find(({ step }) => step > 0) ?? past[0];
  if (told === undefined || totalSeconds === null) return null;
  return { estimated: formatRough(told.seconds), step: told.step, took: formatRough(totalSeconds) };
}

/** All that was told before the end, with how far off it was, a line each. */
export function pastDetails({ past, totalSeconds }: StageForecast): string {
  if (totalSeconds === null || totalSeconds === 0) return "";
  return past
    .map(({ step, seconds, basis }) => {
      const when =
        step > 0 ? `at step ${step}` : basis === "own" ? "by finished runs" : "by published figures";
      const percent = (seconds / totalSeconds - 1) * 100;
      const error = `${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(Math.abs(percent) < 9.95 ? 1 : 0)} %`;
      return `${when}: ${formatDuration(seconds)} (${error})`;
    })
    .join("\n");
}

/** 41 → "41 s", 2472 → "41 min" */
function formatRough(seconds: number): string {
  return seconds < 90 ? formatDuration(seconds) : formatLeft(seconds);
}

/** 0.034 → "0.034", 4.81 → "4.8", 120.4 → "120" */
export function formatGpuHours(hours: number): string {
  if (hours < 0.1) return hours.toFixed(3);
  return hours < 100 ? hours.toFixed(1) : String(Math.round(hours));
}

/** 0.0042 → "0.004", else as other money. */
export function formatCost(amount: number): string {
  return amount > 0 && amount < 0.1 ? amount.toFixed(3) : formatMoney(amount);
}

/** Now and at the end: "0.8 → 2.4"; one figure where both read the same, the end is not known or nothing is spent yet. */
export function spentAndExpected(
  spent: number,
  expected: number | null,
  format: (value: number) => string,
): string {
  const [now, end] = [format(spent), expected === null ? null : format(Math.max(spent, expected))];
  if (spent === 0 && end !== null) return end;
  return end === null || end === now ? now : `${now} → ${end}`;
}

/** "0.3 GPU h of it in 1 attempt that did not succeed"; null: every attempt did. */
export function lostText({ gpuHoursLost, lostAttemptCount }: RunForecast): string | null {
  if (lostAttemptCount === 0) return null;
  const attempts = lostAttemptCount === 1 ? "1 attempt" : `${lostAttemptCount} attempts`;
  return `${formatGpuHours(gpuHoursLost)} of it in ${attempts} that did not succeed`;
}
