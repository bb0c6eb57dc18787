import { memo } from "react";

export interface GpuSparkProps {
  values: readonly (number | null)[];
  /** What a full box stands for. */
  max: number;
  color: string;
  /** Width in samples: a short history is drawn at the right end, so that it does not stretch while it grows. */
  capacity: number;
  /** Changes with every tick; the arrays are the same ones, grown. */
  version: number;
}

const WIDTH = 300;
const HEIGHT = 32;

/** The last minutes of one reading: a line on a faint area, no axes; a gap stays a gap. */
export const GpuSpark = memo(function GpuSpark({ values, max, color, capacity }: GpuSparkProps) {
  const { line, areas } = pathsOf(values, max, capacity);
  return (
    <svg aria-hidden viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className="h-8 w-full">
      <path d={areas} fill={color} opacity={0.14} />
      <path d={line} fill="none" stroke={color} strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
    </svg>
  );
});

function pathsOf(values: readonly (number | null)[], max: number, capacity: number) {
  const step = WIDTH / Math.max(1, capacity - 1);
  const left = WIDTH - (values.length - 1) * step;
  let line = "";
  let areas = "";
  let startX: number | null = null;
  let lastX = 0;
  values.forEach((value, index) => {
    const x = left + index * step;
    if (value === null || max <= 0) {
      if (startX !== null) areas += `L${lastX.toFixed(1)} ${HEIGHT}Z`;
      startX = null;
      return;
    }
    const y = (HEIGHT - 1 - Math.min(1, value / max) * (HEIGHT - 2)).toFixed(1);
    const point = `${x.toFixed(1)} ${y}`;
    line += (startX === null ? "M" : "L") + point;
    areas += startX === null ? `M${x.toFixed(1)} ${HEIGHT}L${point}` : `L${point}`;
    startX ??= x;
    lastX = x;
  });
  if (startX !== null) areas += `L${lastX.toFixed(1)} ${HEIGHT}Z`;
  return { line, areas };
}
