"use client";

import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type uPlot from "uplot";
import { useElementWidth } from "@/components/hooks/use-element-width";
import { readAppearance, subscribeAppearance } from "@/components/shell/theme";
import { type ChartShape, createChart } from "./create-chart";
import type { CursorPlace, CursorStore } from "./cursor-store";
import "uplot/dist/uPlot.min.css";

export interface LineChartProps {
  /** Columns: x first, then one per line of the shape. */
  data: (number | null)[][];
  /** A new object makes a new chart: keep it as long as nothing of it changes. */
  shape: ChartShape;
  xRange: { min: number; max: number };
  cursor: CursorStore;
  toPlace: (x: number) => CursorPlace;
  toX: (place: CursorPlace) => number | null;
  /** The index of the point under the cursor, wherever the pointer is; null without one. */
  onIndex: (index: number | null) => void;
  label: string;
}

/** uPlot in React: made once per shape and theme, then fed. Nothing here decides what is shown. */
export function LineChart(props: LineChartProps) {
  const { data, shape, xRange, cursor, label } = props;
  const [frame, width] = useElementWidth<HTMLDivElement>();
  const appearance = useSyncExternalStore(subscribeAppearance, readAppearance, () => "dark" as const);
  const [chart, setChart] = useState<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const isMeasured = width > 0;

  // The chart library is the external system; a theme is new colours, so a new chart.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read from the page's styles
  useEffect(() => {
    const target = frame.current;
    if (!target || !isMeasured) return;
    const created = createChart({
      target,
      shape,
      data: latest.current.data,
      xRange: () => cursor.zoom() ?? latest.current.xRange,
      onPointer: (x) => cursor.move(x === null ? null : latest.current.toPlace(x), created),
      onZoom: (range) => cursor.setZoom(range),
    });
    setChart(created);
    const offMove = cursor.onMove((place, source) => {
      if (source !== created) follow(created, place === null ? null : latest.current.toX(place));
      latest.current.onIndex(place === null ? null : (created.cursor.idx ?? null));
    });
    const offZoom = cursor.onZoom(() => created.setData(created.data, true));
    return () => {
      offMove();
      offZoom();
      created.destroy();
      setChart(null);
    };
  }, [isMeasured, shape, cursor, appearance, frame]);

  useEffect(() => {
    if (chart && width > 0) chart.setSize({ width, height: shape.height });
  }, [chart, width, shape]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the range is read by the chart itself when data is set
  useEffect(() => {
    // Safe because the columns are numbers and nulls of equal length, what uPlot calls aligned data.
    chart?.setData(data as uPlot.AlignedData, true);
  }, [chart, data, xRange.min, xRange.max]);

  return (
    <div ref={frame} role="img" aria-label={label} style={{ height: shape.height }} className="w-full" />
  );
}

function follow(chart: uPlot, x: number | null): void {
  chart.setCursor({ left: x === null ? -10 : chart.valToPos(x, "x"), top: 0 }, false);
}
