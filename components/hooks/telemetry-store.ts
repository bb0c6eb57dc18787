import type { GpuProcess, HostSample, TelemetryTick } from "@/server/contracts/telemetry";
import { TELEMETRY_FIELDS, type TelemetryField } from "@/server/contracts/telemetry-fields";

export type GpuReading = Readonly<Record<TelemetryField, number | null>>;

/** The newest of one node. A new object per tick; `history` is the same arrays, grown. */
export interface NodeLive {
  nodeId: string;
  /** Unix milliseconds, server's clock. */
  at: number;
  gpus: ReadonlyMap<string, GpuReading>;
  host: HostSample | null;
  /** As last read; the list does not come with every tick. */
  processes: readonly GpuProcess[];
  history: NodeHistory;
}

/** The last minutes as columns, oldest first. */
export interface NodeHistory {
  times: number[];
  gpus: Map<string, { utilization: (number | null)[]; memoryUsedMiB: (number | null)[] }>;
}

export const HISTORY_LENGTH = 180;
/** What is drawn as the last minutes holds nothing from before a silence that was longer than they are. */
const HISTORY_MS = HISTORY_LENGTH * 1000;

/** Readings live outside React: a tick wakes only what shows that node. */
export function createTelemetryStore() {
  const nodes = new Map<string, NodeLive>();
  const listeners = new Map<string, Set<() => void>>();
  const anyListeners = new Set<() => void>();
  let version = 0;
  let newestAt: number | null = null;

  function ingest(ticks: readonly TelemetryTick[]): void {
    for (const tick of ticks) {
      const before = nodes.get(tick.nodeId);
      if (before && before.at >= tick.at) continue;
      nodes.set(tick.nodeId, nextNode(before, tick));
      newestAt = Math.max(newestAt ?? 0, tick.at);
      for (const listener of listeners.get(tick.nodeId) ?? []) listener();
    }
    version += 1;
    for (const listener of anyListeners) listener();
  }

  function subscribe(nodeId: string, listener: () => void): () => void {
    const set = listeners.get(nodeId) ?? new Set();
    listeners.set(nodeId, set.add(listener));
    return () => set.delete(listener);
  }

  return {
    ingest,
    subscribe,
    get: (nodeId: string): NodeLive | undefined => nodes.get(nodeId),
    subscribeAll(listener: () => void): () => void {
      anyListeners.add(listener);
      return () => anyListeners.delete(listener);
    },
    version: (): number => version,
    newestAt: (): number | null => newestAt,
  };
}
export type TelemetryStore = ReturnType<typeof createTelemetryStore>;

function nextNode(before: NodeLive | undefined, tick: TelemetryTick): NodeLive {
  const isOutdated = before !== undefined && tick.at - before.at > HISTORY_MS;
  const history = before && !isOutdated ? before.history : { times: [], gpus: new Map() };
  const gpus = new Map(tick.gpuUuids.map((uuid, column) => [uuid, readingOf(tick, column)]));
  append(history, tick.at, gpus);
  return {
    nodeId: tick.nodeId,
    at: tick.at,
    gpus,
    host: tick.host ?? before?.host ?? null,
    processes: tick.processes ?? before?.processes ?? [],
    history,
  };
}

function readingOf(tick: TelemetryTick, column: number): GpuReading {
  const entries = TELEMETRY_FIELDS.map((field, row) => [field, tick.values[row]?.[column] ?? null] as const);
  // Safe because the list of fields is the key type's own definition.
  return Object.fromEntries(entries) as Record<TelemetryField, number | null>;
}

/** A GPU that a tick lacks gets a gap, never 0; one seen for the first time gets gaps for the past. */
function append(history: NodeHistory, at: number, gpus: ReadonlyMap<string, GpuReading>): void {
  const length = history.times.push(at);
  for (const uuid of new Set([...history.gpus.keys(), ...gpus.keys()])) {
    const reading = gpus.get(uuid);
    const columns = history.gpus.get(uuid) ?? {
      utilization: new Array<number | null>(length - 1).fill(null),
      memoryUsedMiB: new Array<number | null>(length - 1).fill(null),
    };
    columns.utilization.push(reading?.utilizationGpuPercent ?? null);
    columns.memoryUsedMiB.push(reading?.memoryUsedMiB ?? null);
    history.gpus.set(uuid, columns);
    trim(columns.utilization);
    trim(columns.memoryUsedMiB);
  }
  trim(history.times);
}

function trim(column: unknown[]): void {
  if (column.length > HISTORY_LENGTH) column.splice(0, column.length - HISTORY_LENGTH);
}
