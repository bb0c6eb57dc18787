import type { NodeInventory } from "@/server/contracts/nodes";

export interface InventoryRow {
  name: string;
  value: string;
  /** Needed for a run, and not found. */
  isMissing: boolean;
}

interface Formats {
  count: (value: number | null) => string;
  gibibytes: (mebibytes: number | null) => string;
  missing: string;
}

/** Hardware first, then software; what a run needs and was not found says so. Pure. */
export function inventoryRows(
  inventory: NodeInventory,
  { count, gibibytes, missing }: Formats,
): InventoryRow[] {
  const plain = (name: string, value: string | null): InventoryRow => ({
    name,
    value: value ?? missing,
    isMissing: false,
  });
  const needed = (name: string, value: string | null): InventoryRow => ({
    name,
    value: value ?? "not found",
    isMissing: value === null,
  });
  const { cpuModel, cpuCount, diskFreeGiB, diskTotalGiB, commandLatencyMs } = inventory;
  const examples = [inventory.examplesDirectory, inventory.examplesCommit?.slice(0, 9)]
    .filter(Boolean)
    .join(" @ ");
  return [
    plain("host name", inventory.hostname),
    plain("system", [inventory.os, inventory.architecture].filter(Boolean).join(" · ") || null),
    plain("kernel", inventory.kernel),
    plain("CPU", cpuModel === null && cpuCount === null ? null : `${count(cpuCount)} × ${cpuModel ?? "?"}`),
    plain("memory", gibibytes(inventory.memoryTotalMiB)),
    plain(
      "disk",
      diskTotalGiB === null ? null : `${count(diskFreeGiB)} GiB free of ${count(diskTotalGiB)} GiB`,
    ),
    plain("driver", inventory.driverVersion),
    plain("CUDA", inventory.cudaVersion),
    plain("shell", inventory.loginShell),
    plain(
      "one command takes",
      commandLatencyMs === null ? null : `${count(Math.round(commandLatencyMs))} ms`,
    ),
    needed("Python", inventory.python),
    needed("torch", inventory.torch),
    needed("deepspeed", inventory.deepspeed),
    needed("transformers", inventory.transformers),
    needed("DeepSpeedExamples", examples === "" ? null : examples),
    ...(inventory.hasSetsid === false ? [needed("setsid", null)] : []),
  ];
}
