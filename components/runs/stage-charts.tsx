"use client";

import { useMemo, useState } from "react";
import { ChartToolbar } from "@/components/charts/chart-toolbar";
import { createCursorStore } from "@/components/charts/cursor-store";
import {
  type ChartOptions,
  chartsOf,
  samplesAxisEnd,
  stepAxisEnd,
  stepClock,
  X_AXES,
  type XAxis,
} from "@/components/charts/prepare-scalars";
import { ScalarCard } from "@/components/charts/scalar-card";
import { ScalarSections } from "@/components/charts/scalar-sections";
import { useScalars } from "@/components/charts/use-scalars";
import { ResourceView } from "@/components/errors/resource-view";
import { useUrlState } from "@/components/hooks/use-url-state";
import { STAGE_LOOK } from "@/components/status/stage-table";
import { Skeleton } from "@/components/ui/skeleton";
import type { ScalarSeries } from "@/server/contracts/attempts";
import type { AttemptView } from "@/server/contracts/runs";
import { isTerminal, type StageKind } from "@/server/contracts/statuses";
import { RunGpus } from "./run-gpus";

export interface StageChartsProps {
  attempt: AttemptView;
  kind: StageKind;
}

const DEFAULT_SMOOTHING = "0.6";

/** Every scalar of the attempt and its GPUs, under one cursor. */
export function StageCharts({ attempt, kind }: StageChartsProps) {
  const scalars = useScalars(attempt.id);
  const [cursor] = useState(createCursorStore);
  const options = useChartOptions(attempt);
  const series = scalars.data;
  const charts = useMemo(() => chartsOf(series ?? []), [series]);
  const clock = useMemo(() => stepClock(series ?? []), [series]);
  const isEnded = isTerminal(attempt.status);
  const xEnd = {
    step: () => stepAxisEnd(charts, attempt.stepsTotal, isEnded),
    samples: () => samplesAxisEnd(charts, attempt.stepsTotal, isEnded),
    time: () => secondsOf(charts, options.startedAt),
  }[options.x]();
  return (
    <>
      <ChartToolbar
        x={options.x}
        onXChange={(x) => {
          cursor.setZoom(null);
          options.setX(x);
        }}
        smoothing={options.smoothing}
        onSmoothingChange={(value) => options.setSmoothing(String(value))}
        isLog={options.isLog}
        onLogChange={(isLog) => options.setLog(isLog ? "1" : "0")}
        filter={options.filter}
        onFilterChange={options.setFilter}
        cursor={cursor}
        startedAt={options.startedAt}
        isReduced={charts.some(({ isReduced }) => isReduced)}
      />
      <ResourceView resource={scalars} skeleton={<ChartSkeletons />} title="Could not load the scalars.">
        {() => (
          <>
            {charts.length === 0 && <NoScalars isEnded={isEnded} />}
            <ScalarSections
              charts={charts}
              filter={options.filter}
              gpus={<RunGpus attempt={attempt} cursor={cursor} clock={clock} />}
              renderChart={(chart) => (
                <ScalarCard
                  key={chart.seriesId}
                  series={chart}
                  options={options.shared}
                  color={STAGE_LOOK[kind].color}
                  xEnd={xEnd}
                  cursor={cursor}
                  clock={clock}
                />
              )}
            />
          </>
        )}
      </ResourceView>
    </>
  );
}

function useChartOptions(attempt: AttemptView) {
  const [xText, setX] = useUrlState("x", "step");
  const [smoothingText, setSmoothing] = useUrlState("smoothing", DEFAULT_SMOOTHING);
  const [logText, setLog] = useUrlState("log", "0");
  const [filter, setFilter] = useUrlState("find", "");
  const x = X_AXES.find((axis) => axis === xText) ?? "step";
  const smoothing = Math.min(0.99, Math.max(0, Number(smoothingText) || 0));
  const isLog = logText === "1";
  const startedAt = attempt.startedAt === null ? null : Date.parse(attempt.startedAt) / 1000;
  const shared = useMemo<ChartOptions>(
    () => ({ x, smoothing, isLog, startedAt }),
    [x, smoothing, isLog, startedAt],
  );
  return { ...shared, shared, setX: (next: XAxis) => setX(next), setSmoothing, setLog, filter, setFilter };
}

function secondsOf(series: readonly ScalarSeries[], startedAt: number | null): number {
  const last = series.reduce((most, { wallTimes }) => Math.max(most, wallTimes.at(-1) ?? 0), 0);
  return startedAt === null ? 1 : Math.max(1, last - startedAt);
}

function NoScalars({ isEnded }: { isEnded: boolean }) {
  return (
    <p className="rounded-lg border border-dashed px-4 py-6 text-muted mb-4">
      {isEnded
        ? "This attempt logged no figures. Its log tells how far it came."
        : "No figures yet. They appear with the first line of the log that has one; loading the model comes before that."}
    </p>
  );
}

function ChartSkeletons() {
  return (
    <div className="mt-8 grid gap-3 lg:grid-cols-2">
      {[0, 1, 2, 3].map((index) => (
        <Skeleton key={index} className="h-[212px] rounded-lg" />
      ))}
    </div>
  );
}
