"use client";

import dynamic from "next/dynamic";
import { memo, useCallback, useMemo, useRef } from "react";
import { formatCount, formatScalar, formatSigned } from "@/components/format/format-number";
import { useIsSeen } from "@/components/hooks/use-is-seen";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import type { ScalarSeries } from "@/server/contracts/attempts";
import type { ChartShape } from "./create-chart";
import type { CursorPlace, CursorStore } from "./cursor-store";
import { type ChartOptions, prepareScalarChart, type StepClock } from "./prepare-scalars";
import { tagLook } from "./tag-table";

const LineChart = dynamic(() => import("./line-chart").then((module) => module.LineChart), {
  ssr: false,
  loading: () => <Skeleton className="h-[148px] w-full" />,
});

const HEIGHT = 148;

export interface ScalarCardProps {
  series: ScalarSeries;
  options: ChartOptions;
  color: string;
  xEnd: number;
  cursor: CursorStore;
  clock: StepClock;
}

/** One tag: the raw line faint behind the smoothed one; its value under the shared cursor, else the newest. */
export const ScalarCard = memo(function ScalarCard({
  series,
  options,
  color,
  xEnd,
  cursor,
  clock,
}: ScalarCardProps) {
  const [frame, isSeen] = useIsSeen<HTMLDivElement>();
  const value = useRef<HTMLSpanElement>(null);
  const look = tagLook(series.tag);
  const format = look.isSigned ? formatSigned : formatScalar;
  const chart = useMemo(() => prepareScalarChart(series, options), [series, options]);
  const data = useMemo(() => (chart ? [chart.xs, chart.raw, chart.smoothed] : [[], [], []]), [chart]);
  const { isLog, x, startedAt } = options;
  const perStep = x === "samples" ? (series.samplesPerStep ?? 1) : 1;
  const isSparse = chart?.isSparse === true;
  const shape = useMemo<ChartShape>(
    () => ({
      height: HEIGHT,
      isLog,
      lines: [
        { color, opacity: 0.28, width: 1 },
        { color, opacity: 1, width: 1.5 },
      ],
      x: x === "time" ? "seconds" : "step",
      hasPoints: isSparse,
    }),
    [color, isLog, x, isSparse],
  );
  const xRange = useMemo(() => ({ min: 0, max: xEnd }), [xEnd]);
  const toPlace = useCallback(
    (at: number): CursorPlace => placeAt(at, { x, startedAt, perStep }, clock),
    [x, startedAt, perStep, clock],
  );
  const toX = useCallback(
    (place: CursorPlace) => xOfPlace(place, { x, startedAt, perStep }),
    [x, startedAt, perStep],
  );
  const isSmoothed = options.smoothing > 0 && !isSparse;
  const newest = format(lastOf(chart?.raw));
  const onIndex = (index: number | null) => {
    const smoothed = chart?.smoothed[index ?? -1];
    const raw = chart?.raw[index ?? -1];
    if (!value.current) return;
    value.current.textContent =
      index === null ? newest : isSmoothed ? `${format(smoothed)} (${format(raw)})` : format(raw);
  };
  return (
    <Card
      title={<span title={series.sourceTag}>{look.label}</span>}
      note={look.note}
      aside={
        <span ref={value} className="num text-fg">
          {newest}
        </span>
      }
    >
      <div ref={frame} style={{ height: HEIGHT }}>
        {chart === null ? (
          <p className="grid h-full place-items-center text-muted">
            {x === "samples" ? "How many samples a step is, is not known" : "The log has no times"}: choose
            steps as the x axis.
          </p>
        ) : (
          isSeen && (
            <LineChart
              data={data}
              shape={shape}
              xRange={xRange}
              cursor={cursor}
              toPlace={toPlace}
              toX={toX}
              onIndex={onIndex}
              label={`${look.label}: newest ${newest}, ${formatCount(chart.pointCount)} points`}
            />
          )
        )}
      </div>
      <p className="flex min-h-4 justify-between gap-2 text-2xs text-muted">
        <span>
          {chart &&
            chart.hiddenCount > 0 &&
            `${chart.hiddenCount} not finite${isLog ? " or not above 0" : ""}`}
        </span>
        <span className="num text-[11px]">
          {series.source} · {formatCount(series.pointCount)} {series.pointCount === 1 ? "point" : "points"}
        </span>
      </p>
    </Card>
  );
});

function lastOf(values: readonly (number | null)[] | undefined): number | null {
  return values?.findLast((value) => value !== null) ?? null;
}

type Axis = Pick<ChartOptions, "x" | "startedAt"> & { perStep: number };

function placeAt(at: number, { x, startedAt, perStep }: Axis, clock: StepClock): CursorPlace {
  if (x !== "time") return { step: at / perStep, time: clock.timeOf(at / perStep) };
  const time = (startedAt ?? 0) + at;
  return { step: clock.stepOf(time), time };
}

function xOfPlace(place: CursorPlace, { x, startedAt, perStep }: Axis): number | null {
  if (x !== "time") return place.step === null ? null : place.step * perStep;
  return place.time === null || startedAt === null ? null : place.time - startedAt;
}
