/** Numeric fields of one GPU reading, in storage order. Each may be null on its own. */
export const TELEMETRY_FIELDS = [
  "utilizationGpuPercent",
  "utilizationMemoryPercent",
  "memoryUsedMiB",
  "memoryReservedMiB",
  "memoryFreeMiB",
  "memoryTotalMiB",
  "temperatureC",
  "powerDrawW",
  "powerLimitW",
  "clockSmMHz",
  "clockMemoryMHz",
  "fanPercent",
  "performanceState",
  "throttleReasons",
  "eccErrorsCorrected",
  "eccErrorsUncorrected",
  "pcieGeneration",
  "pcieWidth",
] as const;
export type TelemetryField = (typeof TELEMETRY_FIELDS)[number];
