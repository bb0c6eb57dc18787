import type { Gpu, NodeView } from "@/server/contracts/nodes";
import { formatMiBAsGiB } from "../format/format-size";
import type { NodeLive } from "../hooks/telemetry-store";
import { type GpuUser, gpuUser } from "./gpu-user";

/** Devices that can be used: an instance stands in for its parent, which has no tile of its own then. */
export function usableGpus(gpus: readonly Gpu[]): Gpu[] {
  const parents = new Set(gpus.map((gpu) => gpu.parentUuid));
  return gpus
    .filter((gpu) => !parents.has(gpu.uuid))
    .toSorted((a, b) => a.index - b.index || (a.migIndex ?? 0) - (b.migIndex ?? 0));
}

/** "0", or "0.3" for an instance. */
export function gpuLabel(gpu: Pick<Gpu, "index" | "migIndex" | "parentUuid">): string {
  return gpu.parentUuid === null ? String(gpu.index) : `${gpu.index}.${gpu.migIndex ?? 0}`;
}

/** "2 × A30 · 24 GiB", "1 × H100 · 5 MIG instances", "no GPU" */
export function describeGpus(gpus: readonly Gpu[]): string {
  const whole = gpus.filter((gpu) => gpu.parentUuid === null);
  const first = whole[0] ?? gpus[0];
  if (!first) return "no GPU";
  const instances = gpus.filter((gpu) => gpu.parentUuid !== null).length;
  const count = `${Math.max(1, whole.length)} × ${shortName(first.name)}`;
  if (instances > 0) return `${count} · ${instances} MIG ${instances === 1 ? "instance" : "instances"}`;
  return first.memoryTotalMiB === null ? count : `${count} · ${formatMiBAsGiB(first.memoryTotalMiB)}`;
}

/** The names without what every name has; the whole name stands in a title beside it. */
export function shortName(name: string): string {
  return name
    .replace(/^NVIDIA /, "")
    .replace(/^GeForce /, "")
    .replace(/ \(simulated\)$/, "");
}

export interface YardSummary {
  nodes: number;
  gpus: number;
  /** Held by a run of ours or used outside. */
  busy: number;
  outside: number;
}

/** Figures of the yard's head. `liveOf` gives the newest reading of a node, if there is one. */
export function summarizeYard(
  nodes: readonly NodeView[],
  liveOf: (nodeId: string) => NodeLive | undefined,
): YardSummary {
  const users = nodes.flatMap((node) => usersOf(node, liveOf(node.id)));
  return {
    nodes: nodes.length,
    gpus: users.length,
    busy: users.filter((user) => user.kind === "run" || user.kind === "outside").length,
    outside: users.filter((user) => user.kind === "outside").length,
  };
}

function usersOf(node: NodeView, live: NodeLive | undefined): GpuUser[] {
  return usableGpus(node.gpus).map((gpu) => gpuUser(gpu, live?.gpus.get(gpu.uuid), live?.processes ?? []));
}
