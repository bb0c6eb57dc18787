import { LINE_HEIGHT } from "./log-line";

/** Rows drawn above and below what is seen, so that scrolling shows no gap. */
const OVERSCAN = 20;

/**
 * Rows [first, last) to draw. The place scrolled to may lie behind the end, when the oldest lines were let go since:
 * then these are the last rows, or the page would stay empty.
 */
export function rowsInSight(view: { top: number; height: number; count: number }): {
  first: number;
  last: number;
} {
  const { top, height, count } = view;
  const seen = Math.ceil(height / LINE_HEIGHT);
  const firstSeen = Math.min(Math.floor(top / LINE_HEIGHT), Math.max(0, count - seen));
  return {
    first: Math.max(0, firstSeen - OVERSCAN),
    last: Math.min(count, firstSeen + seen + 1 + OVERSCAN),
  };
}
