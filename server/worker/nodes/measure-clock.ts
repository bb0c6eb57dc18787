import readClock from "../scripts/read-clock.sh";
import type { NodeConnection } from "../ssh";

/** One reading: the node's clock as it said it, and ours right before asking and right after the answer. Milliseconds. */
export interface ClockReading {
  nodeMs: number;
  /** The node's clock may have been this much further: 1000 where `date` knows whole seconds only. */
  resolutionMs: number;
  askedMs: number;
  answeredMs: number;
}

const READINGS = 5;

/**
 * Bounds of the node's clock minus ours. The node read its clock at some moment between question and answer, so each
 * reading gives an interval as wide as its round trip; all of them hold, so their intersection does. Null without readings.
 * Where none is left (a clock was set meanwhile), the reading with the shortest round trip counts.
 */
export function clockOffset(readings: readonly ClockReading[]): [number, number] | null {
  const intervals = readings.map(({ nodeMs, resolutionMs, askedMs, answeredMs }): [number, number] => [
    nodeMs - answeredMs,
    nodeMs + resolutionMs - askedMs,
  ]);
  const [first] = intervals.toSorted((a, b) => a[1] - a[0] - (b[1] - b[0]));
  if (first === undefined) return null;
  const low = Math.max(...intervals.map((interval) => interval[0]));
  const high = Math.min(...intervals.map((interval) => interval[1]));
  return low <= high ? [low, high] : first;
}

/** Several readings over a shell that is there already. @throws AppError NODE_UNREACHABLE, TIMEOUT */
export async function measureClock(connection: NodeConnection): Promise<[number, number] | null> {
  const readings: ClockReading[] = [];
  for (let index = 0; index < READINGS; index++) {
    const askedMs = Date.now();
    const result = await connection.runScript(readClock, { timeoutMs: 5_000 });
    const reading = parseClock(result.stdout.toString("latin1"));
    if (reading !== null) readings.push({ ...reading, askedMs, answeredMs: Date.now() });
  }
  return clockOffset(readings);
}

/** "1732450000.123456789", or "1732450000." where %N is unknown. */
function parseClock(output: string): { nodeMs: number; resolutionMs: number } | null {
  const [, seconds, fraction = ""] = /^(\d{9,12})\.(\d{0,9})/.exec(output) ?? [];
  if (seconds === undefined) return null;
  return { nodeMs: Number(`${seconds}.${fraction || "0"}`) * 1000, resolutionMs: fraction === "" ? 1000 : 1 };
}
