"use client";

import { ChevronDown } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cn } from "@/components/ui/cn";

export interface ChartSectionProps {
  title: string;
  /** Charts in it; shown so that a closed section says what it hides. */
  count?: number;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  children: ReactNode;
}

/** A heading that opens and closes its charts; closed ones are not in the page, so they cost nothing. */
export function ChartSection({ title, count, isOpen, onOpenChange, children }: ChartSectionProps) {
  const bodyId = useId();
  return (
    <section className="mb-4">
      <h2 className="mb-2 text-sm">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={bodyId}
          onClick={() => onOpenChange(!isOpen)}
          className="-ml-1 inline-flex items-center gap-1.5 rounded px-1 py-0.5 font-semibold hover:bg-fill"
        >
          <ChevronDown
            aria-hidden
            className={cn("size-3.5 text-muted transition-transform duration-150", !isOpen && "-rotate-90")}
          />
          {title}
          {count !== undefined && <span className="num font-normal text-muted">{count}</span>}
        </button>
      </h2>
      <div id={bodyId} hidden={!isOpen} className={cn(isOpen && "grid gap-3 lg:grid-cols-2")}>
        {isOpen && children}
      </div>
    </section>
  );
}
