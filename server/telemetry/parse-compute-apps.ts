import { parseCell, splitRow } from "./parse-nvidia-smi";

/** A process with a compute context on a GPU. `gpuUuid` is the whole GPU's, also when it runs on a MIG instance. */
export interface ComputeApp {
  pid: number;
  gpuUuid: string;
  name: string;
  memoryMiB: number | null;
}

/** Columns asked of --query-compute-apps. The name stands last: it may hold commas. */
const APP_QUERY: readonly string[] = ["gpu_uuid", "pid", "used_gpu_memory", "process_name"];

/**
 * One line of `nvidia-smi --query-compute-apps=<properties> --format=csv,noheader[,nounits]`.
 * null: no row, or one without a pid or a GPU.
 */
export function parseComputeApp(line: string, properties: readonly string[] = APP_QUERY): ComputeApp | null {
  const cells = splitRow(line, properties);
  const cellOf = (property: string) => cells[properties.indexOf(property)]?.trim() ?? "";
  const pid = cellOf("pid");
  const gpuUuid = cellOf("gpu_uuid");
  if (!/^\d{1,10}$/.test(pid) || !/^(?:GPU|MIG)-/.test(gpuUuid)) return null;
  return {
    pid: Number(pid),
    gpuUuid,
    name: cellOf("process_name") || cellOf("name") || "?",
    memoryMiB: parseCell(cellOf("used_gpu_memory") || cellOf("used_memory")),
  };
}
