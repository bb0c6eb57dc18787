import { KEEP_CHUNKS_MS, KEEP_MINUTES_MS } from "./prune-telemetry";

/** Seconds that one point may stand for. 1: the readings as they are. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/**
 * The finest step that needs at most `points` points for a range and whose data are still kept at its beginning
 * (readings 24 hours, minutes 30 days, hours for ever). Times are Unix ms.
 */
export function chooseResolution(range: { from: number; to: number; points: number; now: number }): number {
  const wanted = (range.to - range.from) / 1000 / range.points;
  const age = range.now - range.from;
  const finest = age > KEEP_MINUTES_MS ? 3600 : age > KEEP_CHUNKS_MS ? 60 : 1;
  const step = STEPS.find((candidate) => candidate >= Math.max(wanted, finest));
  return step ?? Math.ceil(wanted / 86_400) * 86_400;
}
