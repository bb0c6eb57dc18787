"use client";

import { formatElapsed, formatLeft, formatMoment, secondsBetween } from "@/components/format/format-time";
import { useNow } from "@/components/hooks/use-now";
import type { RunForecast, StageForecast } from "@/server/contracts/forecasts";
import type { StageView } from "@/server/contracts/runs";
import { isTerminal } from "@/server/contracts/statuses";
import {
  formatCost,
  formatGpuHours,
  leftAt,
  pastDetails,
  pastFigures,
  sourceText,
  spentAndExpected,
} from "./prepare-forecast";

export interface StageTimesProps {
  stage: StageView;
  told: StageForecast;
  run: RunForecast;
}

/** The line of a stage's card about time and cost: so far and to come, or what it was. */
export function StageTimes({ stage, told, run }: StageTimesProps) {
  const hours =
    told.gpuHoursSpent === 0 && told.gpuHoursExpected === null
      ? null
      : spentAndExpected(told.gpuHoursSpent, told.gpuHoursExpected, formatGpuHours);
  const price = run.pricePerGpuHour;
  const expected = told.gpuHoursExpected;
  return (
    <span className="flex min-h-[18px] flex-wrap items-baseline gap-x-2.5 text-muted text-xs leading-[18px]">
      <Course stage={stage} told={told} asOf={run.asOf} />
      {hours !== null && !(stage.status === "cancelled" && told.gpuHoursSpent === 0) && (
        <span className="whitespace-nowrap" title="GPU hours of all its attempts: so far → expected">
          <span className="num">{hours}</span> GPU h
        </span>
      )}
      {price !== null && hours !== null && told.gpuHoursSpent + (expected ?? 0) > 0 && (
        <span
          className="whitespace-nowrap"
          title={`At ${price} per GPU hour, the node's price: so far → expected`}
        >
          {isTerminal(stage.status) ? "cost" : "costs"}{" "}
          <span className="num">
            {spentAndExpected(
              told.gpuHoursSpent * price,
              expected === null ? null : expected * price,
              formatCost,
            )}
          </span>
        </span>
      )}
    </span>
  );
}

function Course({ stage, told, asOf }: { stage: StageView; told: StageForecast; asOf: string }) {
  const now = useNow(1000);
  if (now === 0) return null;
  if (isTerminal(stage.status)) {
    const past = pastFigures(told);
    if (past === null) return null;
    return (
      <span title={pastDetails(told)}>
        estimated <span className="num">{past.estimated}</span>{" "}
        {past.step > 0 ? `at step ${past.step}` : "before it started"}, took{" "}
        <span className="num">{past.took}</span>
      </span>
    );
  }
  if (stage.status === "queued") {
    if (told.totalSeconds === null) return <span>{told.reason}</span>;
    return (
      <span title={sourceText(told) ?? undefined}>
        takes about <span className="num">{formatLeft(told.totalSeconds)}</span>
      </span>
    );
  }
  const elapsed = secondsBetween(stage.startedAt, null, now);
  return (
    <>
      <span className="num whitespace-nowrap">
        {elapsed !== null && `${formatElapsed(Math.floor(elapsed))} so far`}
      </span>
      {told.secondsLeft === null ? (
        told.silentSeconds === null && <span>{told.reason}</span>
      ) : (
        <span className="whitespace-nowrap">
          ends{" "}
          <span className="num">{formatMoment(now + leftAt(told.secondsLeft, asOf, now) * 1000, now)}</span>
        </span>
      )}
    </>
  );
}

/** At the right of a working stage's figure: how long it still takes, or that it makes no steps. */
export function StageLeft({ told, asOf }: { told: StageForecast; asOf: string }) {
  const now = useNow(1000);
  if (told.silentSeconds !== null) {
    return (
      <span
        className="ml-auto whitespace-nowrap text-warn"
        title="Far longer than its steps and pauses took before"
      >
        no step for <span className="num">{formatLeft(told.silentSeconds)}</span>
      </span>
    );
  }
  if (told.secondsLeft === null || now === 0) return null;
  const seconds = leftAt(told.secondsLeft, asOf, now);
  return (
    <span className="ml-auto whitespace-nowrap text-muted" title={sourceText(told) ?? undefined}>
      {seconds >= 60 && "about "}
      <span className="num">{formatLeft(seconds)}</span> left
    </span>
  );
}
