"use client";

import { type RefObject, useEffect, useRef } from "react";
import { live } from "@/components/hooks/live-client";
import { subscribeAppearance } from "@/components/shell/theme";
import { drawWall, type WallPaint } from "./draw-wall";
import type { WallLayout } from "./prepare-wall";

/** Paints once per frame at most: with every tick, every layout and every change of theme. */
export function useWallPainter(
  canvas: RefObject<HTMLCanvasElement | null>,
  layout: WallLayout,
  paintOf: (index: number) => WallPaint,
): void {
  const latest = useRef(paintOf);
  latest.current = paintOf;
  // The canvas and the telemetry store are the external systems.
  useEffect(() => {
    let frame = 0;
    const paint = () => {
      frame = 0;
      if (canvas.current) drawWall(canvas.current, layout, (index) => latest.current(index));
    };
    const schedule = () => {
      frame ||= requestAnimationFrame(paint);
    };
    schedule();
    const offTicks = live.telemetry.subscribeAll(schedule);
    const offTheme = subscribeAppearance(schedule);
    return () => {
      cancelAnimationFrame(frame);
      offTicks();
      offTheme();
    };
  }, [canvas, layout]);
}
