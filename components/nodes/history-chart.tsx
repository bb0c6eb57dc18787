"use client";

import { memo } from "react";
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from "recharts";
import { seriesColor, seriesDash } from "@/components/charts/series-color";
import { formatSi } from "@/components/format/format-number";
import { formatClockSeconds } from "@/components/format/format-time";
import { CHART_HEIGHT, CHART_MARGIN, Y_AXIS_WIDTH } from "./history-geometry";
import type { History } from "./prepare-history";

export interface HistoryChartProps {
  history: History;
  gpuCount: number;
  width: number;
}

const TICK = { fill: "var(--muted)", fontSize: 10, fontFamily: "var(--font-geist-mono)" };

/** Fixed size, axes and ticks, no animation, no dots: recharts redraws only when its data changes. */
export const HistoryChart = memo(function HistoryChart({ history, gpuCount, width }: HistoryChartProps) {
  return (
    <LineChart
      width={width}
      height={CHART_HEIGHT}
      data={history.rows}
      margin={CHART_MARGIN}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={false} stroke="var(--line-faint)" />
      <XAxis
        type="number"
        dataKey="at"
        domain={[history.from, history.to]}
        ticks={history.timeTicks}
        tickFormatter={formatClockSeconds}
        tick={TICK}
        tickLine={false}
        axisLine={false}
        interval={0}
        height={20}
      />
      <YAxis
        type="number"
        domain={[0, history.max]}
        ticks={history.valueTicks}
        tickFormatter={formatSi}
        tick={TICK}
        tickLine={false}
        axisLine={false}
        width={Y_AXIS_WIDTH}
      />
      {Array.from({ length: gpuCount }, (_, gpu) => (
        <Line
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its position
          key={gpu}
          type="linear"
          dataKey={String(gpu)}
          stroke={seriesColor(gpu)}
          strokeWidth={1.5}
          strokeDasharray={seriesDash(gpu)}
          dot={false}
          activeDot={false}
          isAnimationActive={false}
          connectNulls={false}
        />
      ))}
    </LineChart>
  );
});
