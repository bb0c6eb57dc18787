import {
  CUDA_VERSION,
  DEVICE_NAME,
  DRIVER_VERSION,
  MEMORY_RESERVED_MIB,
  MEMORY_TOTAL_MIB,
  POWER_LIMIT_W,
} from "./devices";
import type { DeviceReading } from "./readings";
import { dateLine } from "./smi-table";

const LABEL_WIDTH = 51;

/** What `nvidia-smi -q` prints: the sections that a practice GPU has. */
export function renderDetails(readings: readonly DeviceReading[], now: Date): string {
  const head = [
    "",
    "==============NVSMI LOG==============",
    "",
    line(0, "Timestamp", dateLine(now)),
    line(0, "Driver Version", DRIVER_VERSION),
    line(0, "CUDA Version", CUDA_VERSION),
    "",
    line(0, "Attached GPUs", readings.length),
  ];
  return `${[...head, ...readings.flatMap(deviceSection)].join("\n")}\n`;
}

function deviceSection(reading: DeviceReading): string[] {
  const { device } = reading;
  const free = MEMORY_TOTAL_MIB - MEMORY_RESERVED_MIB - reading.memoryUsedMiB;
  return [
    `GPU ${device.busId}`,
    line(1, "Product Name", DEVICE_NAME),
    line(1, "Product Brand", "Practice"),
    line(1, "Display Attached", "No"),
    line(1, "Persistence Mode", "Enabled"),
    "    MIG Mode",
    line(2, "Current", "N/A"),
    line(2, "Pending", "N/A"),
    line(1, "Serial Number", "N/A"),
    line(1, "GPU UUID", device.uuid),
    line(1, "Minor Number", device.index),
    "    PCI",
    line(2, "Bus Id", device.busId),
    line(1, "Fan Speed", `${reading.fanPercent} %`),
    line(1, "Performance State", reading.performanceState),
    "    FB Memory Usage",
    line(2, "Total", `${MEMORY_TOTAL_MIB} MiB`),
    line(2, "Reserved", `${MEMORY_RESERVED_MIB} MiB`),
    line(2, "Used", `${reading.memoryUsedMiB} MiB`),
    line(2, "Free", `${free} MiB`),
    line(1, "Compute Mode", "Default"),
    "    Utilization",
    line(2, "GPU", `${reading.utilizationPercent} %`),
    line(2, "Memory", `${reading.memoryUtilizationPercent} %`),
    line(2, "Encoder", "0 %"),
    line(2, "Decoder", "0 %"),
    "    ECC Mode",
    line(2, "Current", "N/A"),
    line(2, "Pending", "N/A"),
    "    Temperature",
    line(2, "GPU Current Temp", `${reading.temperatureC} C`),
    "    GPU Power Readings",
    line(2, "Average Power Draw", `${reading.powerW.toFixed(2)} W`),
    line(2, "Instantaneous Power Draw", `${reading.powerW.toFixed(2)} W`),
    line(2, "Current Power Limit", `${POWER_LIMIT_W.toFixed(2)} W`),
    "    Clocks",
    line(2, "Graphics", `${reading.clockSmMHz} MHz`),
    line(2, "SM", `${reading.clockSmMHz} MHz`),
    line(2, "Memory", `${reading.clockMemoryMHz} MHz`),
    ...processSection(reading),
    "",
  ];
}

function processSection({ processes }: DeviceReading): string[] {
  if (processes.length === 0) return [line(1, "Processes", "None")];
  const field = (label: string, value: string | number, depth: number) =>
    `${"    ".repeat(depth)}${label}`.padEnd(42).concat(`: ${value}`);
  return [
    "    Processes",
    ...processes.flatMap((state) => [
      field("GPU instance ID", "N/A", 2),
      field("Compute instance ID", "N/A", 2),
      field("Process ID", state.pid, 2),
      field("Type", "C", 3),
      field("Name", state.program, 3),
      field("Used GPU Memory", `${Math.round(state.memoryMiB)} MiB`, 3),
    ]),
  ];
}

function line(depth: number, label: string, value: string | number): string {
  return `${`${"    ".repeat(depth)}${label}`.padEnd(LABEL_WIDTH + 4)}: ${value}`;
}
