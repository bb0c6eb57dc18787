"use client";

import { SparkLine } from "@/components/charts/spark-line";
import { tagLook } from "@/components/charts/tag-table";
import { formatCount, formatScalar, formatSigned } from "@/components/format/format-number";
import { formatDuration, secondsBetween } from "@/components/format/format-time";
import { useNow } from "@/components/hooks/use-now";
import { STAGE_LOOK } from "@/components/status/stage-table";
import { StatusBadge } from "@/components/status/status-badge";
import { cn } from "@/components/ui/cn";
import { ProgressBar } from "@/components/ui/progress-bar";
import type { RunForecast } from "@/server/contracts/forecasts";
import type { Headline, StageView } from "@/server/contracts/runs";
import { isTerminal } from "@/server/contracts/statuses";
import { forecastOf } from "./prepare-forecast";
import { StageLeft, StageTimes } from "./stage-times";

export interface StageCardProps {
  stage: StageView;
  forecast: RunForecast;
  isSelected: boolean;
  onSelect: () => void;
  className?: string;
}

/** A stage in the pipeline; pressing it shows its charts, log and files below. */
export function StageCard({ stage, forecast, isSelected, onSelect, className }: StageCardProps) {
  const look = STAGE_LOOK[stage.kind];
  const told = forecastOf(forecast, stage.kind);
  const isActive = !isTerminal(stage.status) && stage.status !== "queued";
  return (
    <button
      type="button"
      aria-pressed={isSelected}
      onClick={onSelect}
      className={cn(
        "transition-calm flex w-full min-w-0 flex-col justify-center gap-1.5 rounded-lg border border-l-[3px] bg-panel px-3.5 py-2.5 text-left",
        stage.status === "queued" && "text-muted",
        className,
      )}
      style={{
        borderLeftColor: look.color,
        ...(isSelected ? { boxShadow: `inset 0 0 0 1px ${look.color}` } : {}),
      }}
    >
      <span className="flex items-baseline gap-2.5">
        <span className="truncate font-semibold">{look.label}</span>
        <StatusBadge
          status={stage.status}
          {...(stage.status === "running" ? { className: look.textClassName } : {})}
        />
        <span className="num ml-auto whitespace-nowrap text-muted">
          {isActive && stage.stepsDone !== null ? <Steps stage={stage} /> : <Elapsed stage={stage} />}
        </span>
      </span>
      {isActive && (
        <ProgressBar value={stage.progress} label={`${look.label}: progress`} color={look.color} />
      )}
      <span className="flex min-h-5 items-baseline gap-2.5">
        {stage.headline ? (
          <HeadlineText headline={stage.headline} />
        ) : (
          <span className="truncate text-muted" title={stage.reason ?? undefined}>
            {stage.reason ?? (isActive ? "no figure yet" : "")}
          </span>
        )}
        {stage.headline && !isActive && (
          <span className="-my-1 ml-auto hidden self-center sm:block">
            <SparkLine
              values={stage.headline.spark}
              color={look.color}
              label={`Course of ${stage.headline.tag}`}
            />
          </span>
        )}
        {isActive && told && <StageLeft told={told} asOf={forecast.asOf} />}
      </span>
      {told && <StageTimes stage={stage} told={told} run={forecast} />}
    </button>
  );
}

function HeadlineText({ headline }: { headline: Headline }) {
  const look = tagLook(headline.tag);
  const format = look.isSigned ? formatSigned : formatScalar;
  return (
    <span className="whitespace-nowrap">
      <span className="mr-2.5 text-muted">{look.label}</span>
      <span className="num text-fg">
        {format(headline.first)} → {format(headline.last)}
      </span>
    </span>
  );
}

function Steps({ stage }: { stage: StageView }) {
  return (
    <>
      step {formatCount(stage.stepsDone)}
      {stage.stepsTotal !== null && ` of ${formatCount(stage.stepsTotal)}`}
    </>
  );
}

function Elapsed({ stage }: { stage: StageView }) {
  const now = useNow(1000);
  if (stage.startedAt === null || now === 0) return null;
  return <>{formatDuration(secondsBetween(stage.startedAt, stage.endedAt, now))}</>;
}
