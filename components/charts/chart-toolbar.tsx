"use client";

import { useEffect, useId, useRef, useSyncExternalStore } from "react";
import { formatCount, formatSi } from "@/components/format/format-number";
import { formatDuration } from "@/components/format/format-time";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Slider } from "@/components/ui/slider";
import { Switch } from "@/components/ui/switch";
import type { CursorStore } from "./cursor-store";
import type { XAxis } from "./prepare-scalars";

export interface ChartToolbarProps {
  x: XAxis;
  onXChange: (x: XAxis) => void;
  smoothing: number;
  onSmoothingChange: (smoothing: number) => void;
  isLog: boolean;
  onLogChange: (isLog: boolean) => void;
  filter: string;
  onFilterChange: (filter: string) => void;
  cursor: CursorStore;
  /** Unix seconds. */
  startedAt: number | null;
  isReduced: boolean;
}

const AXES = [
  { value: "step", label: "step" },
  { value: "samples", label: "samples" },
  { value: "time", label: "time" },
] as const;

/** What holds for all charts of the page, and where the shared cursor is. */
export function ChartToolbar(props: ChartToolbarProps) {
  const { x, onXChange, smoothing, onSmoothingChange, isLog, onLogChange } = props;
  const { filter, onFilterChange, cursor, startedAt, isReduced } = props;
  const zoom = useSyncExternalStore(cursor.onZoom, cursor.zoom, () => null);
  const logId = useId();
  return (
    <div className="mb-3 flex min-h-7 flex-wrap items-center gap-x-5 gap-y-2 text-muted">
      <span className="inline-flex items-center gap-2">
        x
        <Segmented label="x axis" value={x} options={AXES} onValueChange={onXChange} />
      </span>
      <span className="inline-flex items-center gap-2">
        smoothing
        <Slider
          label="Smoothing"
          min={0}
          max={0.99}
          step={0.01}
          value={smoothing}
          onValueChange={onSmoothingChange}
        />
        <span className="num w-[4ch] text-fg">{smoothing.toFixed(2)}</span>
      </span>
      <span className="inline-flex items-center gap-2">
        <Switch id={logId} checked={isLog} onCheckedChange={onLogChange} />
        <label htmlFor={logId}>log axis</label>
      </span>
      <div className="w-36">
        <Input
          type="search"
          aria-label="Find charts"
          placeholder="Find charts"
          value={filter}
          onChange={(event) => onFilterChange(event.target.value)}
        />
      </div>
      {zoom && (
        <Button size="sm" onClick={() => cursor.setZoom(null)}>
          Show all
        </Button>
      )}
      <span className="ml-auto inline-flex gap-4">
        <CursorReadout cursor={cursor} startedAt={startedAt} />
        {isReduced && (
          <span title="Drawn from the lowest and highest value of every pixel column">
            every spike is shown
          </span>
        )}
      </span>
    </div>
  );
}

function CursorReadout({ cursor, startedAt }: { cursor: CursorStore; startedAt: number | null }) {
  const readout = useRef<HTMLSpanElement>(null);
  // The cursor store is the external system; writing the text here keeps a moving pointer out of React.
  useEffect(
    () =>
      cursor.onMove((place) => {
        if (!readout.current) return;
        const step = place?.step == null ? "" : `step ${formatStep(place.step)}`;
        const time = place?.time == null || startedAt === null ? "" : formatDuration(place.time - startedAt);
        readout.current.textContent = [step, time].filter(Boolean).join(" · ");
      }),
    [cursor, startedAt],
  );
  return <span ref={readout} className="num text-fg" />;
}

function formatStep(step: number): string {
  return step >= 1e6 ? formatSi(step) : formatCount(Math.round(step));
}
