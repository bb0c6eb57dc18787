"use client";

import { cn } from "@/components/ui/cn";
import { LogLine } from "./log-line";
import { drawnLineCount, textOfLine } from "./shown-lines";
import { useLog } from "./use-log";

export interface LogTailProps {
  attemptId: string;
  lineCount: number;
  className?: string;
}

/** The last lines, followed; the height is that of `lineCount` lines from the beginning on. */
export function LogTail({ attemptId, lineCount, className }: LogTailProps) {
  const { state } = useLog(attemptId, true);
  const { buffer } = state;
  const count = buffer ? drawnLineCount(buffer) : 0;
  const first = Math.max(0, count - lineCount);
  return (
    <div
      className={cn(
        "num mt-2 overflow-hidden rounded-md bg-fill py-2 text-[11.5px] leading-[18px]",
        className,
      )}
      style={{ height: lineCount * 18 + 16 }}
    >
      {state.phase === "empty" && <p className="px-3 text-muted">Nothing has been written yet.</p>}
      {state.phase === "error" && (
        <p className="px-3 text-muted">The log could not be read: {state.error?.message}</p>
      )}
      {buffer &&
        Array.from({ length: count - first }, (_, row) => (
          <LogLine key={buffer.offsetOf(first + row)} {...textOfLine(buffer, first + row)} />
        ))}
    </div>
  );
}
