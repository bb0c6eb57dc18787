import { TELEMETRY_FIELDS, type TelemetryField } from "../contracts/telemetry";

interface GpuField {
  /** Name for --query-gpu, then the name it has in other driver versions. */
  properties: readonly [string, ...string[]];
  /** Stored as an integer times this; a reading that does not fit is stored as it is. */
  scale: number;
  /** What one point of a longer range shows. */
  statistic: "mean" | "max";
}

/**
 * How each field is asked for, stored and reduced. Names: `nvidia-smi --help-query-gpu`.
 * Where a property was renamed the older name is asked first, since newer drivers still know it.
 */
export const GPU_FIELDS = {
  utilizationGpuPercent: { properties: ["utilization.gpu"], scale: 1, statistic: "mean" },
  utilizationMemoryPercent: { properties: ["utilization.memory"], scale: 1, statistic: "mean" },
  memoryUsedMiB: { properties: ["memory.used"], scale: 1, statistic: "max" },
  memoryReservedMiB: { properties: ["memory.reserved"], scale: 1, statistic: "max" },
  memoryFreeMiB: { properties: ["memory.free"], scale: 1, statistic: "max" },
  memoryTotalMiB: { properties: ["memory.total"], scale: 1, statistic: "max" },
  temperatureC: { properties: ["temperature.gpu"], scale: 1, statistic: "max" },
  powerDrawW: { properties: ["power.draw"], scale: 100, statistic: "max" },
  powerLimitW: { properties: ["power.limit"], scale: 100, statistic: "max" },
  clockSmMHz: { properties: ["clocks.sm", "clocks.current.sm"], scale: 1, statistic: "mean" },
  clockMemoryMHz: { properties: ["clocks.mem", "clocks.current.memory"], scale: 1, statistic: "mean" },
  fanPercent: { properties: ["fan.speed"], scale: 1, statistic: "mean" },
  performanceState: { properties: ["pstate"], scale: 1, statistic: "max" },
  throttleReasons: {
    properties: ["clocks_throttle_reasons.active", "clocks_event_reasons.active"],
    scale: 1,
    statistic: "max",
  },
  eccErrorsCorrected: { properties: ["ecc.errors.corrected.volatile.total"], scale: 1, statistic: "max" },
  eccErrorsUncorrected: { properties: ["ecc.errors.uncorrected.volatile.total"], scale: 1, statistic: "max" },
  pcieGeneration: {
    properties: ["pcie.link.gen.current", "pcie.link.gen.gpucurrent"],
    scale: 1,
    statistic: "max",
  },
  pcieWidth: { properties: ["pcie.link.width.current"], scale: 1, statistic: "max" },
} as const satisfies Record<TelemetryField, GpuField>;

/** The first try of --query-gpu. `count` tells when a reading is complete; `name` stands last since it may hold commas. */
export const FIRST_QUERY: readonly string[] = [
  "index",
  "uuid",
  "count",
  ...TELEMETRY_FIELDS.map((field) => GPU_FIELDS[field].properties[0]),
  "name",
];

const ALIASES: Record<string, string> = {
  gpu_uuid: "uuid",
  gpu_name: "name",
  "clocks.current.sm": "clocks.sm",
  "clocks.current.memory": "clocks.mem",
};

const FIELD_BY_PROPERTY = new Map<string, TelemetryField>(
  TELEMETRY_FIELDS.flatMap((field) =>
    GPU_FIELDS[field].properties.map((property) => [property, field] as const),
  ),
);

export function fieldOfProperty(property: string): TelemetryField | null {
  return FIELD_BY_PROPERTY.get(property) ?? FIELD_BY_PROPERTY.get(ALIASES[property] ?? "") ?? null;
}

/** Each property that has another name, and that name: what a driver is asked for when it does not know the first. */
export const OTHER_NAMES: readonly (readonly [property: string, other: string])[] = TELEMETRY_FIELDS.flatMap(
  (field) => {
    const [first, ...others] = GPU_FIELDS[field].properties;
    return others.map((other) => [first, other] as const);
  },
);
