"use client";

import { CircleAlert, CircleCheck, LoaderCircle, TriangleAlert } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { Issue } from "./prepare-issues";

export interface StartBarProps {
  issues: readonly Issue[];
  isChecking: boolean;
  isStarting: boolean;
  onShow: (path: string) => void;
}

/** Always in sight: whether the run can start, and the button that starts it. */
export function StartBar({ issues, isChecking, isStarting, onShow }: StartBarProps) {
  return (
    <div className="sticky bottom-[calc(56px+env(safe-area-inset-bottom))] z-20 -mx-4 mt-6 flex items-center gap-3 border-t bg-bg px-4 py-2.5 sm:bottom-0 sm:-mx-6 sm:-mb-10 sm:px-6">
      <div role="status" className="min-w-0 flex-1">
        <Verdict issues={issues} isChecking={isChecking} onShow={onShow} />
      </div>
      <kbd className="num hidden text-muted sm:inline">Ctrl Enter</kbd>
      <Button type="submit" variant="primary" isBusy={isStarting}>
        Start RLHF run
      </Button>
    </div>
  );
}

function Verdict({ issues, isChecking, onShow }: Omit<StartBarProps, "isStarting">) {
  const errors = issues.filter(({ severity }) => severity === "error");
  const warnings = issues.filter(({ severity }) => severity === "warning").length;
  const [first] = errors;
  if (first) {
    const { path, where, message } = first;
    return (
      <button
        type="button"
        className="flex max-w-full items-center gap-2 rounded text-left"
        disabled={path === null}
        onClick={() => path !== null && onShow(path)}
      >
        <CircleAlert aria-hidden className="size-4 shrink-0 text-bad" />
        <span className="min-w-0 truncate">
          <span className="text-bad">
            <span className="num">{errors.length}</span> to correct
          </span>
          <span className="ml-2 text-muted max-sm:hidden">
            {where !== null && `${where}: `}
            {message}
          </span>
        </span>
      </button>
    );
  }
  if (isChecking) {
    return (
      <span className="flex items-center gap-2 text-muted">
        <LoaderCircle aria-hidden className="size-4 animate-turn" /> checking
      </span>
    );
  }
  return warnings > 0 ? (
    <span className="flex items-center gap-2">
      <TriangleAlert aria-hidden className="size-4 shrink-0 text-warn" />
      <span>
        ready, <span className="num">{warnings}</span> {warnings === 1 ? "doubt" : "doubts"}
      </span>
    </span>
  ) : (
    <span className="flex items-center gap-2">
      <CircleCheck aria-hidden className="size-4 shrink-0 text-ok" /> ready
    </span>
  );
}
