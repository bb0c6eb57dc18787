import { TELEMETRY_FIELDS, type TelemetryField } from "@/server/contracts/telemetry";
import type { ListedGpu, MigReading } from "@/server/telemetry";

/** A MIG instance's values in the order of TELEMETRY_FIELDS: its memory and errors; nothing else is measured for it. */
export function migColumn(instance: ListedGpu, readings: readonly MigReading[]): (number | null)[] {
  const reading = readings.find(
    (candidate) => candidate.parentUuid === instance.parentUuid && candidate.migIndex === instance.migIndex,
  );
  const known: Partial<Record<TelemetryField, number | null>> = reading
    ? {
        memoryUsedMiB: reading.memoryUsedMiB,
        memoryReservedMiB: reading.memoryReservedMiB,
        memoryFreeMiB: reading.memoryFreeMiB,
        memoryTotalMiB: reading.memoryTotalMiB,
        eccErrorsUncorrected: reading.eccErrorsUncorrected,
      }
    : {};
  return TELEMETRY_FIELDS.map((field) => known[field] ?? null);
}
