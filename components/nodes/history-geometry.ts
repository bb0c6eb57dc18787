export const CHART_HEIGHT = 132;
export const Y_AXIS_WIDTH = 40;
export const CHART_MARGIN = { top: 6, right: 28, bottom: 0, left: 0 } as const;

/** The time under a point of the chart, or null beside the plot. Pixels from the chart's left edge. */
export function timeAtX(x: number, width: number, range: { from: number; to: number }): number | null {
  const plot = width - Y_AXIS_WIDTH - CHART_MARGIN.right;
  const share = (x - Y_AXIS_WIDTH) / plot;
  return plot > 0 && share >= 0 && share <= 1 ? range.from + share * (range.to - range.from) : null;
}

export function xAtTime(at: number, width: number, range: { from: number; to: number }): number {
  const plot = width - Y_AXIS_WIDTH - CHART_MARGIN.right;
  return Y_AXIS_WIDTH + (plot * (at - range.from)) / (range.to - range.from);
}
