"use client";

import dynamic from "next/dynamic";
import { useMemo } from "react";
import { seriesColor } from "@/components/charts/series-color";
import { useElementWidth } from "@/components/hooks/use-element-width";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import type { Gpu } from "@/server/contracts/nodes";
import type { SamplesResult } from "@/server/contracts/telemetry";
import { gpuLabel } from "../yard/prepare-node";
import { CHART_HEIGHT, timeAtX, xAtTime } from "./history-geometry";
import { newestRow, prepareHistory, rowAt } from "./prepare-history";

const HistoryChart = dynamic(() => import("./history-chart").then((module) => module.HistoryChart), {
  ssr: false,
  loading: () => <Skeleton className="h-[132px] w-full" />,
});

export interface HistoryPanelProps {
  title: string;
  unit: string;
  field: string;
  /** The axis reaches at least this far. */
  floorMax?: number;
  samples: SamplesResult;
  gpus: readonly Gpu[];
  /** The time under the pointer in any of the panels. */
  cursor: number | null;
  onCursor: (at: number | null) => void;
}

/** One field of all GPUs over time; the legend shows the value under the shared cursor, else the newest. */
export function HistoryPanel(props: HistoryPanelProps) {
  const { title, unit, field, floorMax = 0, samples, gpus, cursor, onCursor } = props;
  const [frame, width] = useElementWidth<HTMLDivElement>();
  const uuids = useMemo(() => gpus.map((gpu) => gpu.uuid), [gpus]);
  const history = useMemo(
    () => prepareHistory(samples, field, uuids, floorMax),
    [samples, field, uuids, floorMax],
  );
  const shown = cursor === null ? newestRow(history) : rowAt(history, cursor, samples.bucketSeconds);
  return (
    <Card
      title={title}
      note={unit}
      aside={
        <span className="num flex flex-wrap gap-x-3">
          {gpus.map((gpu, index) => (
            <span key={gpu.uuid} className="inline-flex items-center gap-1.5">
              <span aria-hidden className="h-0.5 w-2.5" style={{ background: seriesColor(index) }} />
              GPU {gpuLabel(gpu)}
              <span className="min-w-[4ch] text-right text-fg">{valueText(shown?.[String(index)])}</span>
            </span>
          ))}
        </span>
      }
    >
      <div
        ref={frame}
        className="relative"
        style={{ height: CHART_HEIGHT }}
        onPointerMove={(event) => {
          const { left } = event.currentTarget.getBoundingClientRect();
          onCursor(timeAtX(event.clientX - left, width, history));
        }}
        onPointerLeave={() => onCursor(null)}
      >
        {width > 0 && <HistoryChart history={history} gpuCount={gpus.length} width={width} />}
        {cursor !== null && (
          <div
            aria-hidden
            className="pointer-events-none absolute top-1.5 bottom-5 left-0 border-faint border-l border-dashed"
            style={{ transform: `translateX(${xAtTime(cursor, width, history)}px)` }}
          />
        )}
      </div>
    </Card>
  );
}

function valueText(value: number | null | undefined): string {
  return value === null || value === undefined ? "—" : Math.round(value).toLocaleString("en");
}
