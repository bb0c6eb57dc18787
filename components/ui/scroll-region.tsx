"use client";

import type { ReactElement } from "react";
import { useIsScrollable } from "@/components/hooks/use-is-scrollable";
import { cn } from "./cn";

export interface ScrollRegionProps {
  /** Accessible name: "Command", say. */
  label: string;
  className?: string;
  children: ReactElement;
}

/** Scrolls by itself where its content is larger; the keyboard can reach it then, and only then. */
export function ScrollRegion({ label, className, children }: ScrollRegionProps) {
  const [frame, isScrollable] = useIsScrollable<HTMLDivElement>();
  const reachable = isScrollable ? { tabIndex: 0, role: "region", "aria-label": label } : {};
  return (
    <div ref={frame} className={cn("overflow-auto -outline-offset-2", className)} {...reachable}>
      {children}
    </div>
  );
}
