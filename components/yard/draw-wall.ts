import { cssColor } from "@/components/charts/css-color";
import { CELL, type WallLayout } from "./prepare-wall";

export interface WallPaint {
  /** 0 to 100; null: no reading. */
  utilization: number | null;
  /** A colour token of who uses it. */
  edge: string;
}

const RADIUS = 3;

/** Draws every cell: a faint box that fills from below in the colour of its user. */
export function drawWall(
  canvas: HTMLCanvasElement,
  layout: WallLayout,
  paintOf: (index: number) => WallPaint,
): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(layout.height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(layout.height * scale);
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, layout.height);
  const colors = new Map<string, string>();
  const colorOf = (token: string): string => {
    const known = colors.get(token) ?? cssColor(token);
    colors.set(token, known);
    return known;
  };
  layout.cells.forEach((cell, index) => {
    const { utilization, edge } = paintOf(index);
    context.fillStyle = colorOf("--fill");
    context.beginPath();
    context.roundRect(cell.x, cell.y, CELL, CELL, RADIUS);
    context.fill();
    context.strokeStyle = colorOf(edge);
    context.lineWidth = 1;
    context.stroke();
    if (utilization === null || utilization <= 0) return;
    const height = Math.max(1, (CELL * Math.min(100, utilization)) / 100);
    context.fillStyle = colorOf(edge);
    context.fillRect(cell.x, cell.y + CELL - height, CELL, height);
  });
}
