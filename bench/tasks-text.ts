import { milliseconds } from "./bench-row";

/** Tasks above the limit, as a cell of the table says them. */
export function tasksText(durations: readonly number[]): string {
  return durations.length === 0
    ? "0"
    : `${durations.length}, the longest ${milliseconds(Math.max(...durations))}`;
}
