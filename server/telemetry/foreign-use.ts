import { type GpuProcess, TELEMETRY_FIELDS, type TelemetryTick } from "../contracts/telemetry";

/** Display servers and idle contexts stay below; a model does not. */
const THRESHOLD_MIB = 1024;
const NAMED_PROCESSES = 2;
const MEMORY_USED = TELEMETRY_FIELDS.indexOf("memoryUsedMiB");

/** Who uses a GPU that is none of ours. */
export interface ForeignUse {
  /** For people: "pid 123 of ada (42 GB)". */
  by: string;
  /** The node names the processes. Else only their memory shows, as in a container; so does that of a process just ended. */
  isNamed: boolean;
  memoryMiB: number;
  /** Names of the programs, as the node tells them; empty where it does not. */
  programs: string[];
}

/**
 * GPUs on which processes without an attempt of ours hold more than 1 GiB, by UUID. `processes` is the newest list, which
 * not every tick has.
 */
export function foreignUse(
  tick: Pick<TelemetryTick, "gpuUuids" | "values">,
  processes: readonly GpuProcess[],
): Map<string, ForeignUse> {
  const found = new Map<string, ForeignUse>();
  tick.gpuUuids.forEach((uuid, column) => {
    const here = processes.filter((process) => process.gpuUuid === uuid);
    const foreign = here.filter((process) => process.attemptId === null);
    const named = sumOf(foreign);
    const unnamed = (tick.values[MEMORY_USED]?.[column] ?? 0) - sumOf(here);
    if (named >= THRESHOLD_MIB) {
      const programs = [...new Set(foreign.map(({ name }) => name))];
      found.set(uuid, { by: largestOf(foreign), isNamed: true, memoryMiB: named, programs });
    } else if (unnamed >= THRESHOLD_MIB) {
      const by = `something else (${gigabytes(unnamed)})`;
      found.set(uuid, { by, isNamed: false, memoryMiB: unnamed, programs: [] });
    }
  });
  return found;
}

function sumOf(processes: readonly GpuProcess[]): number {
  return processes.reduce((sum, { memoryMiB }) => sum + (memoryMiB ?? 0), 0);
}

function largestOf(processes: readonly GpuProcess[]): string {
  const largest = processes.toSorted((a, b) => (b.memoryMiB ?? 0) - (a.memoryMiB ?? 0));
  const names = largest.slice(0, NAMED_PROCESSES).map(({ pid, user, memoryMiB }) => {
    const owner = user === null ? "" : ` of ${user}`;
    return `pid ${pid}${owner} (${memoryMiB === null ? "memory unknown" : gigabytes(memoryMiB)})`;
  });
  const more = largest.length - names.length;
  return names.join(" and ") + (more > 0 ? ` and ${more} more` : "");
}

/** Whole ones: the text is stored, and must not change with every reading. */
function gigabytes(mebibytes: number): string {
  return `${Math.round((mebibytes * 1.048576) / 1000)} GB`;
}
