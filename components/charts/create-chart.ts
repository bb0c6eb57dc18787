import uPlot from "uplot";
import { formatSi, formatTicks } from "@/components/format/format-number";
import { formatElapsed } from "@/components/format/format-time";
import { cssColor, withAlpha } from "./css-color";

export interface ChartLine {
  /** A colour token, "var(--ppo)". */
  color: string;
  /** 0 to 1 */
  opacity: number;
  width: number;
  dash?: number[];
}
export interface ChartShape {
  height: number;
  lines: readonly ChartLine[];
  isLog: boolean;
  /** Fixed ends of the y axis; left out: as far as the data on screen reach. */
  yRange?: readonly [number, number];
  x: "step" | "seconds";
  /** Few points are shown as points too, or nobody sees where they are. */
  hasPoints?: boolean;
}

interface CreateParts {
  target: HTMLElement;
  shape: ChartShape;
  data: (number | null)[][];
  xRange: () => { min: number; max: number };
  /** The pointer's x value; null when it leaves. */
  onPointer: (x: number | null) => void;
  /** A range drawn with the pointer; null on a double click. */
  onZoom: (range: { min: number; max: number } | null) => void;
}

const Y_AXIS_SIZE = 46;
const X_AXIS_SIZE = 22;
const SMALLEST_ZOOM_PX = 6;

/** Marks of the time axis stand on whole seconds, minutes and hours, never on 2.5 seconds. */
const SECONDS_BETWEEN_MARKS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200,
];
const DAY_SECONDS = 86_400;
const X_AXIS = {
  step: { values: (_: uPlot, xs: number[]) => xs.map(formatSi) },
  seconds: {
    values: (_: uPlot, xs: number[]) => xs.map(formatElapsed),
    incrs: [...SECONDS_BETWEEN_MARKS, ...[1, 2, 5, 10, 30].map((days) => days * DAY_SECONDS)],
  },
} as const satisfies Record<ChartShape["x"], uPlot.Axis>;

/** Thin lines, a faint horizontal grid, no legend and no points: values stand in the card's head. */
export function createChart(parts: CreateParts): uPlot {
  const { target, shape, data, xRange } = parts;
  const axis = {
    stroke: cssColor("--muted"),
    font: `10px ${cssColor("--font-geist-mono")}`,
    ticks: { show: false },
    border: { show: false },
  };
  const { yRange } = shape;
  const options: uPlot.Options = {
    width: Math.max(80, target.clientWidth),
    height: shape.height,
    padding: [6, 10, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      bind: { dblclick: () => () => showAll(parts) },
    },
    scales: {
      x: { time: false, range: () => rangeOf(xRange()) },
      y: { distr: shape.isLog ? 3 : 1, ...(yRange ? { range: () => [yRange[0], yRange[1]] } : {}) },
    },
    axes: [
      {
        ...axis,
        size: X_AXIS_SIZE,
        gap: 7,
        grid: { show: false },
        space: 64,
        ...X_AXIS[shape.x],
      },
      {
        ...axis,
        size: Y_AXIS_SIZE,
        gap: 6,
        grid: { stroke: cssColor("--line-faint"), width: 1 },
        space: 30,
        values: (_, ys) => yTexts(ys),
      },
    ],
    series: [{}, ...shape.lines.map((line) => lineOptions(line, shape.hasPoints === true))],
    hooks: {
      setCursor: [(chart) => tellPointer(chart, parts)],
      setSelect: [(chart) => tellZoom(chart, parts)],
    },
  };
  // Safe because the columns are numbers and nulls of equal length, what uPlot calls aligned data.
  return new uPlot(options, data as uPlot.AlignedData, target);
}

/** On a log axis uPlot leaves out marks by null. */
function yTexts(ys: readonly (number | null)[]): string[] {
  const texts = formatTicks(ys.filter((y) => y !== null));
  return ys.map((y) => (y === null ? "" : (texts.shift() ?? "")));
}

function lineOptions({ color, opacity, width, dash }: ChartLine, hasPoints: boolean): uPlot.Series {
  return {
    stroke: opacity < 1 ? withAlpha(cssColor(color), opacity) : cssColor(color),
    width,
    ...(dash ? { dash } : {}),
    spanGaps: false,
    points: { show: hasPoints, size: 4, fill: cssColor(color) },
  };
}

function rangeOf({ min, max }: { min: number; max: number }): [number, number] {
  return [min, max > min ? max : min + 1];
}

function tellPointer(chart: uPlot, { onPointer }: CreateParts): void {
  const { left = -1 } = chart.cursor;
  onPointer(left >= 0 ? chart.posToVal(left, "x") : null);
}

function showAll({ onZoom }: CreateParts): null {
  onZoom(null);
  return null;
}

function tellZoom(chart: uPlot, { onZoom }: CreateParts): void {
  const { left, width } = chart.select;
  if (width >= SMALLEST_ZOOM_PX) {
    onZoom({ min: chart.posToVal(left, "x"), max: chart.posToVal(left + width, "x") });
  }
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}
