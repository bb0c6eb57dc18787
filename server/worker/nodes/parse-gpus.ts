import type { NodeInventory } from "../../contracts/nodes";

type GpuInventory = NodeInventory["gpus"][number];

/**
 * Devices from `nvidia-smi -L` (which knows MIG instances) and from
 * `--query-gpu=index,uuid,memory.total,driver_version,name` (which knows memory). Either alone is enough to list a GPU.
 * A MIG instance has its parent's index, and no memory: nvidia-smi tells that in no line that is made for programs.
 */
export function parseGpus(lines: { list: readonly string[]; query: readonly string[] }): {
  gpus: GpuInventory[];
  driverVersion: string | null;
} {
  const queried = lines.query.flatMap((line) => parseQueryLine(line) ?? []);
  const gpus = new Map<string, GpuInventory>();
  let parent: GpuInventory | null = null;
  for (const line of lines.list) {
    const gpu = parseGpuLine(line);
    const instance = parent && parseMigLine(line, parent);
    if (gpu !== null) parent = gpu;
    const found = gpu ?? instance;
    if (found !== null) gpus.set(found.uuid, found);
  }
  for (const { gpu } of queried) {
    const listed = gpus.get(gpu.uuid);
    gpus.set(gpu.uuid, { ...gpu, ...(listed && { name: listed.name }) });
  }
  return { gpus: [...gpus.values()].sort(byPosition), driverVersion: queried[0]?.driverVersion ?? null };
}

/** `GPU 0: NVIDIA H200 (UUID: GPU-…)` */
function parseGpuLine(line: string): GpuInventory | null {
  const [, index, name, uuid] = /^GPU (\d+): (.*) \(UUID: (GPU-[0-9A-Za-z-]+)\)\s*$/.exec(line) ?? [];
  if (index === undefined || name === undefined || uuid === undefined) return null;
  return { ...NO_MIG, uuid, index: Number(index), name, memoryTotalMiB: null };
}

/** `  MIG 1c.3g.71gb  Device  0: (UUID: MIG-…)` */
function parseMigLine(line: string, parent: GpuInventory): GpuInventory | null {
  const [, profile, index, uuid] = /^\s+MIG (\S+)\s+Device\s+(\d+): \(UUID: (MIG-[^)\s]+)\)/.exec(line) ?? [];
  if (profile === undefined || index === undefined || uuid === undefined) return null;
  return {
    uuid,
    index: parent.index,
    name: `${parent.name} MIG ${profile}`,
    memoryTotalMiB: null,
    parentUuid: parent.uuid,
    migProfile: profile,
    migIndex: Number(index),
  };
}

function parseQueryLine(line: string): { gpu: GpuInventory; driverVersion: string | null } | null {
  const [index = "", uuid = "", memory = "", driver = "", ...name] = line.trim().split(", ");
  if (!/^\d+$/.test(index) || !/^GPU-[0-9A-Za-z-]+$/.test(uuid)) return null;
  const memoryTotalMiB = /^\d+$/.test(memory) ? Number(memory) : null;
  const driverVersion = /^\d[\d.]*$/.test(driver) ? driver : null;
  return {
    gpu: { ...NO_MIG, uuid, index: Number(index), name: name.join(", "), memoryTotalMiB },
    driverVersion,
  };
}

const NO_MIG = { parentUuid: null, migProfile: null, migIndex: null };

function byPosition(a: GpuInventory, b: GpuInventory): number {
  return a.index - b.index || (a.migIndex ?? -1) - (b.migIndex ?? -1);
}
