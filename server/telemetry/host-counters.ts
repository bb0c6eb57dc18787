import type { HostSample } from "../contracts/telemetry";

/** Raw counters of /proc and /sys, as the reader on the node prints them. Times are seconds since boot. */
export interface HostCounters {
  uptimeSeconds: number;
  cpuTotalTicks: number | null;
  cpuIdleTicks: number | null;
  memoryTotalKiB: number | null;
  memoryAvailableKiB: number | null;
  loadAverage: number | null;
  networkReceivedBytes: number | null;
  networkSentBytes: number | null;
}
export interface DiskCounters {
  blockBytes: number;
  totalBlocks: number;
  availableBlocks: number;
}

const roundTo = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;

/**
 * What the host did between two readings: cpu in percent of all cores (iowait counts as idle), network in bytes per
 * second. Rates are null for the first reading and when a counter went backwards (an interface came back).
 */
export function hostSample(
  now: HostCounters,
  before: HostCounters | null,
  disk: DiskCounters | null,
): HostSample {
  const seconds = before === null ? 0 : now.uptimeSeconds - before.uptimeSeconds;
  const rate = (key: "networkReceivedBytes" | "networkSentBytes") => {
    const bytes = (now[key] ?? Number.NaN) - (before?.[key] ?? Number.NaN);
    return seconds > 0 && bytes >= 0 ? Math.round(bytes / seconds) : null;
  };
  const total = (now.cpuTotalTicks ?? Number.NaN) - (before?.cpuTotalTicks ?? Number.NaN);
  const idle = (now.cpuIdleTicks ?? Number.NaN) - (before?.cpuIdleTicks ?? Number.NaN);
  const used = Math.min(100, Math.max(0, 100 * (1 - idle / total)));
  const { memoryTotalKiB, memoryAvailableKiB } = now;
  return {
    cpuPercent: total > 0 && idle >= 0 ? roundTo(used, 1) : null,
    memoryUsedMiB:
      memoryTotalKiB === null || memoryAvailableKiB === null
        ? null
        : Math.round((memoryTotalKiB - memoryAvailableKiB) / 1024),
    memoryTotalMiB: memoryTotalKiB === null ? null : Math.round(memoryTotalKiB / 1024),
    loadAverage: now.loadAverage,
    diskFreeGiB: disk === null ? null : roundTo((disk.blockBytes * disk.availableBlocks) / 2 ** 30, 2),
    diskTotalGiB: disk === null ? null : roundTo((disk.blockBytes * disk.totalBlocks) / 2 ** 30, 2),
    networkReceivedBytesPerSecond: rate("networkReceivedBytes"),
    networkSentBytesPerSecond: rate("networkSentBytes"),
  };
}

const count = (text: string | undefined) =>
  text !== undefined && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : null;

/**
 * The reader's host line: uptime, the eight cpu counters of /proc/stat, MemTotal and MemAvailable in KiB, the
 * one-minute load, bytes received and sent; `-` for what could not be read. null: not such a line.
 */
export function parseHostLine(line: string): HostCounters | null {
  const words = line.trim().split(/\s+/);
  const uptimeSeconds = count(words[0]);
  if (uptimeSeconds === null || words.length < 14) return null;
  const cpu = words.slice(1, 9).map(count);
  const isCpuKnown = cpu.every((ticks) => ticks !== null);
  return {
    uptimeSeconds,
    cpuTotalTicks: isCpuKnown ? cpu.reduce<number>((sum, ticks) => sum + (ticks ?? 0), 0) : null,
    cpuIdleTicks: isCpuKnown ? (cpu[3] ?? 0) + (cpu[4] ?? 0) : null,
    memoryTotalKiB: count(words[9]),
    memoryAvailableKiB: count(words[10]),
    loadAverage: count(words[11]),
    networkReceivedBytes: count(words[12]),
    networkSentBytes: count(words[13]),
  };
}

/** Block size, total and available blocks, as `stat -f` prints them. */
export function parseDiskLine(line: string): DiskCounters | null {
  const [blockBytes, totalBlocks, availableBlocks] = line.trim().split(/\s+/).map(count);
  if (blockBytes == null || totalBlocks == null || availableBlocks == null) return null;
  return { blockBytes, totalBlocks, availableBlocks };
}
