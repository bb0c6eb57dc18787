"use client";

import dynamic from "next/dynamic";
import { useMemo, useRef } from "react";
import type { ChartShape } from "@/components/charts/create-chart";
import type { CursorPlace, CursorStore } from "@/components/charts/cursor-store";
import { seriesColor, seriesDash } from "@/components/charts/series-color";
import { formatScalar, MISSING } from "@/components/format/format-number";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { gpuLabel } from "@/components/yard/prepare-node";
import type { Gpu } from "@/server/contracts/nodes";
import type { SamplesResult } from "@/server/contracts/telemetry";
import { gpuColumns } from "./prepare-gpu-history";

const LineChart = dynamic(() => import("@/components/charts/line-chart").then((module) => module.LineChart), {
  ssr: false,
  loading: () => <Skeleton className="h-[148px] w-full" />,
});

const HEIGHT = 148;
/** Its own zoom would be in other units than that of the scalars: the GPU charts always show all of the time. */
const NO_ZOOM = { zoom: () => null, setZoom: () => undefined, onZoom: () => () => undefined } as const;

export interface GpuHistoryChartProps {
  title: string;
  /** Of the axis and of the values in the head. */
  unit: string;
  field: string;
  /** How many of the field's own unit make one of `unit`. */
  divisor: number;
  /** In `unit`. */
  yMax: number;
  samples: SamplesResult | undefined;
  gpus: readonly Gpu[];
  startedAtMs: number;
  cursor: CursorStore;
  toPlace: (x: number) => CursorPlace;
  toX: (place: CursorPlace) => number | null;
}

export function GpuHistoryChart(props: GpuHistoryChartProps) {
  const { title, unit, field, divisor, yMax, samples, gpus, startedAtMs, cursor, toPlace, toX } = props;
  const legend = useRef<HTMLSpanElement>(null);
  const ownCursor = useMemo(() => ({ ...cursor, ...NO_ZOOM }), [cursor]);
  const gpuCount = gpus.length;
  const uuids = useMemo(() => gpus.map(({ uuid }) => uuid), [gpus]);
  const data = useMemo(
    () =>
      samples ? gpuColumns(samples, { field, divisor }, uuids, startedAtMs) : [[], ...uuids.map(() => [])],
    [samples, field, divisor, uuids, startedAtMs],
  );
  const shape = useMemo<ChartShape>(
    () => ({
      height: HEIGHT,
      isLog: false,
      yRange: [0, yMax],
      lines: Array.from({ length: gpuCount }, (_, index) => ({
        color: seriesColor(index),
        opacity: 1,
        width: 1.5,
        ...dashOf(index),
      })),
      x: "seconds",
    }),
    [yMax, gpuCount],
  );
  const end = samples ? (Date.parse(samples.to) - startedAtMs) / 1000 : 1;
  const xRange = useMemo(() => ({ min: 0, max: Math.max(1, end) }), [end]);
  const onIndex = (index: number | null) => {
    const cells = legend.current?.querySelectorAll("[data-value]") ?? [];
    for (const [gpu, cell] of [...cells].entries()) {
      const column = data[gpu + 1] ?? [];
      cell.textContent = valueText(column[index ?? column.length - 1]);
    }
  };
  return (
    <Card
      title={title}
      note={unit}
      aside={
        <span ref={legend} className="num flex flex-wrap gap-x-3">
          {gpus.map((gpu, index) => (
            <span key={gpu.uuid} className="inline-flex items-center gap-1.5">
              <span aria-hidden className="h-0.5 w-2.5" style={{ background: seriesColor(index) }} />
              GPU {gpuLabel(gpu)}
              <span data-value className="min-w-[3ch] text-right text-fg">
                {valueText(data[index + 1]?.at(-1))}
              </span>
            </span>
          ))}
        </span>
      }
    >
      <LineChart
        data={data}
        shape={shape}
        xRange={xRange}
        cursor={ownCursor}
        toPlace={toPlace}
        toX={toX}
        onIndex={onIndex}
        label={`${title} of ${gpuCount} GPUs over the time of the attempt`}
      />
    </Card>
  );
}

/** uPlot wants the dash that SVG takes as numbers. */
function dashOf(index: number): { dash?: number[] } {
  const dash = seriesDash(index);
  return dash === undefined ? {} : { dash: dash.split(" ").map(Number) };
}

function valueText(value: number | null | undefined): string {
  return value === null || value === undefined ? MISSING : formatScalar(Number(value.toFixed(1)));
}
