import type { TelemetryTick } from "../contracts/telemetry";

/** A reading older than this says nothing about now. */
const MAX_AGE_MS = 30_000;

export interface TickMemory {
  keep: (ticks: readonly TelemetryTick[]) => void;
  /** The newest tick of each of these nodes, of all when null; with the newest process list, which not every tick has. */
  newest: (nodeIds: readonly string[] | null, now: number) => TelemetryTick[];
}

/** The newest reading of each node, so that a page is full as soon as it is opened. */
export function createTickMemory(): TickMemory {
  const newestOf = new Map<string, TelemetryTick>();
  return {
    keep: (ticks) => {
      for (const tick of ticks) {
        const before = newestOf.get(tick.nodeId);
        if (before !== undefined && before.at > tick.at) continue;
        newestOf.set(tick.nodeId, { ...tick, processes: tick.processes ?? before?.processes ?? null });
      }
    },
    newest: (nodeIds, now) => {
      const wanted =
        nodeIds === null ? [...newestOf.values()] : nodeIds.flatMap((id) => newestOf.get(id) ?? []);
      return wanted.filter((tick) => now - tick.at <= MAX_AGE_MS);
    },
  };
}
