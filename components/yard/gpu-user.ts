import type { Gpu } from "@/server/contracts/nodes";
import type { StageKind } from "@/server/contracts/statuses";
import type { GpuProcess } from "@/server/contracts/telemetry";
import type { GpuReading } from "../hooks/telemetry-store";

export type GpuUser =
  | { kind: "run"; label: string; runId: string; stage: StageKind | null }
  /** Somebody else's processes. */
  | { kind: "outside"; label: string }
  | { kind: "free"; label: string }
  /** No reading yet. */
  | { kind: "unknown"; label: string };

/** A driver alone keeps up to this much; more without a process of ours is somebody's. */
const IDLE_MEMORY_MIB = 1024;

const USER_EDGE = {
  outside: "var(--faint)",
  free: "var(--line)",
  unknown: "var(--line)",
} as const;

/** Who uses a GPU: a claim of ours comes first, then processes, then what memory and utilisation tell. */
export function gpuUser(
  gpu: Gpu,
  reading: GpuReading | undefined,
  processes: readonly GpuProcess[],
): GpuUser {
  const { claimedBy } = gpu;
  if (claimedBy) {
    return { kind: "run", label: claimedBy.runName, runId: claimedBy.runId, stage: claimedBy.stage };
  }
  const own = processes.filter((process) => process.gpuUuid === gpu.uuid);
  const foreign = own.find((process) => process.attemptId === null);
  if (foreign) return { kind: "outside", label: foreign.user ? `outside · ${foreign.user}` : "outside" };
  if (!reading) return { kind: "unknown", label: "no reading" };
  const isUsed = (reading.memoryUsedMiB ?? 0) > IDLE_MEMORY_MIB || (reading.utilizationGpuPercent ?? 0) > 5;
  return isUsed ? { kind: "outside", label: "outside" } : { kind: "free", label: "free" };
}

export function edgeColor(user: GpuUser): string {
  if (user.kind !== "run") return USER_EDGE[user.kind];
  return user.stage === null ? "var(--fg)" : `var(--${user.stage})`;
}
