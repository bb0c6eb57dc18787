"use client";

import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { LogBuffer } from "./log-buffer";
import type { LogLevel } from "./log-level";
import { LINE_HEIGHT, LogLine } from "./log-line";
import type { LogState } from "./log-reader";
import { rowsInSight } from "./rows-in-sight";
import { drawnLineCount, shownLines, textOfLine } from "./shown-lines";

export interface LogLinesProps {
  state: LogState;
  buffer: LogBuffer;
  level: LogLevel;
  query: string;
  /** Byte offset of the line to show and mark. */
  target: number | null;
  isFollowing: boolean;
  onFollowingChange: (isFollowing: boolean) => void;
  /** Shows all of a line that was cut, by its place in the file. */
  onShowWhole: (offset: number) => void;
  /** The view has come near the first or the last line held. */
  onNearStart: () => void;
  onNearEnd: () => void;
}

const NEAR_PX = 400;
const END_PX = 24;

/** Draws the lines in sight only. Stays at the end while it follows, and where it is when older lines come in front. */
export function LogLines(props: LogLinesProps) {
  const { state, buffer, level, query, target, isFollowing } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the buffer is the same one, grown
  const shown = useMemo(() => shownLines(buffer, level), [buffer, level, state.version]);
  const count = shown ? shown.length : drawnLineCount(buffer);
  const height = frame.current?.clientHeight ?? 600;
  const { first, last } = rowsInSight({ top, height, count });
  useStickyScroll(frame, { state, count, isFollowing, isFiltered: shown !== null });
  useTarget(frame, buffer, shown, target);

  function onScroll() {
    const element = frame.current;
    if (!element) return;
    setTop(element.scrollTop);
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (below <= END_PX !== isFollowing) props.onFollowingChange(below <= END_PX);
    if (element.scrollTop < NEAR_PX) props.onNearStart();
    if (below < NEAR_PX) props.onNearEnd();
  }

  const rows = Array.from(
    { length: Math.max(0, last - first) },
    (_, row) => shown?.[first + row] ?? first + row,
  );
  return (
    <div
      ref={frame}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
      tabIndex={0}
      role="log"
      aria-live="off"
      aria-label="Log"
      onScroll={onScroll}
      className="num h-full overflow-auto py-2 text-[11.5px] leading-[18px] -outline-offset-2"
    >
      <div
        className="min-w-max"
        style={{ height: count * LINE_HEIGHT, paddingTop: first * LINE_HEIGHT, boxSizing: "border-box" }}
      >
        {rows.map((index) => (
          <LogLine
            key={buffer.offsetOf(index)}
            {...textOfLine(buffer, index)}
            offset={buffer.offsetOf(index)}
            onShowWhole={props.onShowWhole}
            query={query}
            isCurrent={target !== null && buffer.lineAt(target) === index}
          />
        ))}
      </div>
    </div>
  );
}

interface Sticky {
  state: LogState;
  count: number;
  isFollowing: boolean;
  isFiltered: boolean;
}

function useStickyScroll(
  frame: RefObject<HTMLDivElement | null>,
  { state, count, isFollowing, isFiltered }: Sticky,
): void {
  // The scroll position is the external system; before the paint, so that nothing jumps.
  // biome-ignore lint/correctness/useExhaustiveDependencies: every version may have moved the end
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    if (isFollowing) element.scrollTop = element.scrollHeight;
    else if (state.prepended > 0 && !isFiltered) element.scrollTop += state.prepended * LINE_HEIGHT;
  }, [state.version, count, isFollowing]);
  // What comes above the lines or goes, and a window that changes, take their height: the end stays in sight.
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element || !isFollowing) return;
    const observer = new ResizeObserver(() => {
      element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame, isFollowing]);
}

function useTarget(
  frame: RefObject<HTMLDivElement | null>,
  buffer: LogBuffer,
  shown: number[] | null,
  target: number | null,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls once for each target, not with each line
  useLayoutEffect(() => {
    const element = frame.current;
    const line = target === null ? -1 : buffer.lineAt(target);
    if (!element || line < 0) return;
    const row = shown ? shown.indexOf(line) : line;
    if (row >= 0) element.scrollTop = row * LINE_HEIGHT - element.clientHeight / 2;
  }, [target, buffer]);
}
