import {
  DEVICE_COUNT,
  DEVICE_NAME,
  DRIVER_VERSION,
  MEMORY_RESERVED_MIB,
  MEMORY_TOTAL_MIB,
  POWER_LIMIT_W,
} from "./devices";
import type { ProcessState } from "./process-state";
import type { DeviceReading } from "./readings";

/** A cell of the CSV. null: the device has no such thing, "[N/A]". */
interface Cell {
  value: string | number | null;
  unit?: string;
}
type Read<T> = (source: T, now: Date) => Cell;

const cell = (value: string | number | null, unit?: string): Cell =>
  unit === undefined ? { value } : { value, unit };

const DEVICE_CELLS: Readonly<Record<string, Read<DeviceReading>>> = {
  timestamp: (_, now) => cell(timestamp(now)),
  driver_version: () => cell(DRIVER_VERSION),
  kmd_version: () => cell(DRIVER_VERSION),
  count: () => cell(DEVICE_COUNT),
  name: () => cell(DEVICE_NAME),
  uuid: ({ device }) => cell(device.uuid),
  index: ({ device }) => cell(device.index),
  "pci.bus_id": ({ device }) => cell(device.busId),
  "pci.domain": () => cell("0x0000"),
  "pci.bus": ({ device }) => cell(`0x${device.busId.slice(9, 11)}`),
  "pci.device": () => cell("0x00"),
  "pcie.link.gen.current": () => cell(4),
  "pcie.link.gen.gpucurrent": () => cell(4),
  "pcie.link.gen.max": () => cell(4),
  "pcie.link.gen.gpumax": () => cell(4),
  "pcie.link.width.current": () => cell(16),
  "pcie.link.width.max": () => cell(16),
  display_attached: () => cell("No"),
  display_active: () => cell("Disabled"),
  persistence_mode: () => cell("Enabled"),
  "accounting.mode": () => cell("Disabled"),
  "fan.speed": ({ fanPercent }) => cell(fanPercent, "%"),
  pstate: ({ performanceState }) => cell(performanceState),
  "clocks_event_reasons.supported": () => cell("0x00000000000001FF"),
  "clocks_event_reasons.active": (reading) =>
    cell(isIdle(reading) ? "0x0000000000000001" : "0x0000000000000000"),
  "clocks_event_reasons.gpu_idle": (reading) => cell(isIdle(reading) ? "Active" : "Not Active"),
  "clocks_event_reasons.applications_clocks_setting": () => cell("Not Active"),
  "clocks_event_reasons.sw_power_cap": () => cell("Not Active"),
  "clocks_event_reasons.hw_slowdown": () => cell("Not Active"),
  "clocks_event_reasons.hw_thermal_slowdown": () => cell("Not Active"),
  "clocks_event_reasons.hw_power_brake_slowdown": () => cell("Not Active"),
  "clocks_event_reasons.sw_thermal_slowdown": () => cell("Not Active"),
  "clocks_event_reasons.sync_boost": () => cell("Not Active"),
  "memory.total": () => cell(MEMORY_TOTAL_MIB, "MiB"),
  "memory.reserved": () => cell(MEMORY_RESERVED_MIB, "MiB"),
  "memory.used": ({ memoryUsedMiB }) => cell(memoryUsedMiB, "MiB"),
  "memory.free": ({ memoryUsedMiB }) => cell(MEMORY_TOTAL_MIB - MEMORY_RESERVED_MIB - memoryUsedMiB, "MiB"),
  compute_mode: () => cell("Default"),
  compute_cap: () => cell("8.0"),
  "utilization.gpu": ({ utilizationPercent }) => cell(utilizationPercent, "%"),
  "utilization.memory": ({ memoryUtilizationPercent }) => cell(memoryUtilizationPercent, "%"),
  "utilization.encoder": () => cell(0, "%"),
  "utilization.decoder": () => cell(0, "%"),
  "temperature.gpu": ({ temperatureC }) => cell(temperatureC),
  "power.management": () => cell("[Requested functionality has been deprecated]"),
  "power.draw": ({ powerW }) => cell(powerW.toFixed(2), "W"),
  "power.draw.average": ({ powerW }) => cell(powerW.toFixed(2), "W"),
  "power.draw.instant": ({ powerW }) => cell(powerW.toFixed(2), "W"),
  "power.limit": () => cell(POWER_LIMIT_W.toFixed(2), "W"),
  "enforced.power.limit": () => cell(POWER_LIMIT_W.toFixed(2), "W"),
  "power.default_limit": () => cell(POWER_LIMIT_W.toFixed(2), "W"),
  "power.min_limit": () => cell("100.00", "W"),
  "power.max_limit": () => cell(POWER_LIMIT_W.toFixed(2), "W"),
  "clocks.current.graphics": ({ clockSmMHz }) => cell(clockSmMHz, "MHz"),
  "clocks.current.sm": ({ clockSmMHz }) => cell(clockSmMHz, "MHz"),
  "clocks.current.memory": ({ clockMemoryMHz }) => cell(clockMemoryMHz, "MHz"),
  "clocks.max.graphics": () => cell(1980, "MHz"),
  "clocks.max.sm": () => cell(1980, "MHz"),
  "clocks.max.memory": () => cell(7001, "MHz"),
};

const PROCESS_CELLS: Readonly<Record<string, Read<{ reading: DeviceReading; state: ProcessState }>>> = {
  timestamp: (_, now) => cell(timestamp(now)),
  gpu_name: () => cell(DEVICE_NAME),
  gpu_bus_id: ({ reading }) => cell(reading.device.busId),
  gpu_serial: () => cell(null),
  gpu_uuid: ({ reading }) => cell(reading.device.uuid),
  pid: ({ state }) => cell(state.pid),
  process_name: ({ state }) => cell(state.program),
  used_gpu_memory: ({ state }) => cell(Math.round(state.memoryMiB), "MiB"),
};

const ALIASES: Readonly<Record<string, string>> = {
  gpu_name: "name",
  gpu_uuid: "uuid",
  gpu_serial: "serial",
  gpu_bus_id: "pci.bus_id",
  "clocks.gr": "clocks.current.graphics",
  "clocks.sm": "clocks.current.sm",
  "clocks.mem": "clocks.current.memory",
  "clocks.max.gr": "clocks.max.graphics",
  "clocks.max.mem": "clocks.max.memory",
};
const PROCESS_ALIASES: Readonly<Record<string, string>> = {
  name: "process_name",
  used_memory: "used_gpu_memory",
};

/** Fields that the real program knows and a practice GPU has no value for are here too. Units stand in the header. */
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^memory\.|^protected_memory\.|^used_gpu_memory$/, "MiB"],
  [/^utilization\.|^fan\.speed$/, "%"],
  [/power\.(draw|limit|default_limit|min_limit|max_limit)|^enforced\.power\.limit$/, "W"],
  [/^clocks\.(current|applications|default_applications|max)\./, "MHz"],
  [/_counters\./, "us"],
];

export const GPU_FIELDS: readonly string[] = (
  "timestamp driver_version kmd_version vgpu_driver_capability.heterogenous_multivGPU count name serial " +
  "uuid pci.bus_id pci.domain pci.bus pci.device pci.baseClass pci.subClass pci.device_id " +
  "pci.sub_device_id vgpu_device_capability.fractional_multiVgpu " +
  "vgpu_device_capability.heterogeneous_timeSlice_profile " +
  "vgpu_device_capability.heterogeneous_timeSlice_sizes vgpu_device_capability.homogeneous_placements " +
  "vgpu_device_capability.mig_timeSlicing vgpu_device_capability.mig_timeSlicing_mode " +
  "pcie.link.gen.current pcie.link.gen.gpucurrent pcie.link.gen.max pcie.link.gen.gpumax " +
  "pcie.link.gen.hostmax pcie.link.width.current pcie.link.width.max index display_mode " +
  "display_attached display_active persistence_mode addressing_mode accounting.mode " +
  "accounting.buffer_size driver_model.current driver_model.pending vbios_version inforom.img " +
  "inforom.oem inforom.ecc inforom.pwr inforom.checksum_validation gpu_recovery_action gom.current " +
  "gom.pending fan.speed pstate clocks_event_reasons.supported clocks_event_reasons.active " +
  "clocks_event_reasons.gpu_idle clocks_event_reasons.applications_clocks_setting " +
  "clocks_event_reasons.sw_power_cap clocks_event_reasons.hw_slowdown " +
  "clocks_event_reasons.hw_thermal_slowdown clocks_event_reasons.hw_power_brake_slowdown " +
  "clocks_event_reasons.sw_thermal_slowdown clocks_event_reasons.sync_boost " +
  "clocks_event_reasons_counters.sw_power_cap clocks_event_reasons_counters.sync_boost " +
  "clocks_event_reasons_counters.sw_thermal_slowdown clocks_event_reasons_counters.hw_thermal_slowdown " +
  "clocks_event_reasons_counters.hw_power_brake_slowdown memory.total memory.reserved memory.used " +
  "memory.free compute_mode compute_cap utilization.gpu utilization.memory utilization.encoder " +
  "utilization.decoder utilization.jpeg utilization.ofa encoder.stats.sessionCount " +
  "encoder.stats.averageFps encoder.stats.averageLatency dramEncryption.mode.current " +
  "dramEncryption.mode.pending ecc.mode.current ecc.mode.pending " +
  "ecc.errors.corrected.volatile.device_memory ecc.errors.corrected.volatile.dram " +
  "ecc.errors.corrected.volatile.register_file ecc.errors.corrected.volatile.l1_cache " +
  "ecc.errors.corrected.volatile.l2_cache ecc.errors.corrected.volatile.texture_memory " +
  "ecc.errors.corrected.volatile.cbu ecc.errors.corrected.volatile.sram " +
  "ecc.errors.corrected.volatile.total ecc.errors.corrected.aggregate.device_memory " +
  "ecc.errors.corrected.aggregate.dram ecc.errors.corrected.aggregate.register_file " +
  "ecc.errors.corrected.aggregate.l1_cache ecc.errors.corrected.aggregate.l2_cache " +
  "ecc.errors.corrected.aggregate.texture_memory ecc.errors.corrected.aggregate.cbu " +
  "ecc.errors.corrected.aggregate.sram ecc.errors.corrected.aggregate.total " +
  "ecc.errors.uncorrected.volatile.device_memory ecc.errors.uncorrected.volatile.dram " +
  "ecc.errors.uncorrected.volatile.register_file ecc.errors.uncorrected.volatile.l1_cache " +
  "ecc.errors.uncorrected.volatile.l2_cache ecc.errors.uncorrected.volatile.texture_memory " +
  "ecc.errors.uncorrected.volatile.cbu ecc.errors.uncorrected.volatile.sram " +
  "ecc.errors.uncorrected.volatile.total ecc.errors.uncorrected.aggregate.device_memory " +
  "ecc.errors.uncorrected.aggregate.dram ecc.errors.uncorrected.aggregate.register_file " +
  "ecc.errors.uncorrected.aggregate.l1_cache ecc.errors.uncorrected.aggregate.l2_cache " +
  "ecc.errors.uncorrected.aggregate.texture_memory ecc.errors.uncorrected.aggregate.cbu " +
  "ecc.errors.uncorrected.aggregate.sram ecc.errors.uncorrected.aggregate.total " +
  "ecc.errors.uncorrected.volatile.sram.parity ecc.errors.uncorrected.volatile.sram.secded " +
  "ecc.errors.uncorrected.aggregate.sram.parity ecc.errors.uncorrected.aggregate.sram.secded " +
  "ecc.errors.uncorrected.aggregate.sram.thresholdExceeded ecc.errors.uncorrected.aggregate.sram.l2 " +
  "ecc.errors.uncorrected.aggregate.sram.sm ecc.errors.uncorrected.aggregate.sram.mcu " +
  "ecc.errors.uncorrected.aggregate.sram.pcie ecc.errors.uncorrected.aggregate.sram.other " +
  "retired_pages.single_bit_ecc.count retired_pages.double_bit.count retired_pages.pending " +
  "remapped_rows.correctable remapped_rows.correctable_inactive remapped_rows.uncorrectable " +
  "remapped_rows.uncorrectable_inactive remapped_rows.pending remapped_rows.failure " +
  "remapped_rows.histogram.max remapped_rows.histogram.high remapped_rows.histogram.partial " +
  "remapped_rows.histogram.low remapped_rows.histogram.none temperature.gpu temperature.gpu.tlimit " +
  "temperature.memory power.management power.draw power.draw.average power.draw.instant power.limit " +
  "enforced.power.limit power.default_limit power.min_limit power.max_limit module.power.draw.average " +
  "module.power.draw.instant module.power.limit module.enforced.power.limit module.power.default_limit " +
  "module.power.min_limit module.power.max_limit edpp_multiplier clocks.current.graphics " +
  "clocks.current.sm clocks.current.memory clocks.current.video clocks.applications.graphics " +
  "clocks.applications.memory clocks.default_applications.graphics clocks.default_applications.memory " +
  "clocks.max.graphics clocks.max.sm clocks.max.memory mig.mode.current mig.mode.pending " +
  "gsp.mode.current gsp.mode.default c2c.mode protected_memory.total protected_memory.used " +
  "protected_memory.free fabric.state fabric.status fabric.cliqueId fabric.clusterUuid " +
  "fabric.health.summary fabric.health.bandwidth fabric.health.route_recovery_in_progress " +
  "fabric.health.route_unhealthy fabric.health.access_timeout_recovery " +
  "fabric.health.incorrect_configuration fabric.health.partition_assigned " +
  "platform.chassis_serial_number platform.slot_number platform.tray_index platform.host_id " +
  "platform.peer_type platform.module_id platform.gpu_fabric_guid hostname"
).split(" ");

export interface QueryColumn<T> {
  header: string;
  read(source: T, now: Date, hasUnits: boolean): string;
}

/** @returns null for a field that does not exist */
export function deviceColumn(field: string): QueryColumn<DeviceReading> | null {
  const plain = field.replace("clocks_throttle_reasons.", "clocks_event_reasons.");
  const name = ALIASES[plain] ?? plain;
  if (!GPU_FIELDS.includes(name)) return null;
  return column(field, name, DEVICE_CELLS[name] ?? (() => cell(null)));
}

/** @returns null for a field that does not exist */
export function processColumn(
  field: string,
): QueryColumn<{ reading: DeviceReading; state: ProcessState }> | null {
  const name = PROCESS_ALIASES[field] ?? field;
  const read = PROCESS_CELLS[name];
  return read === undefined ? null : column(field, name, read);
}

function column<T>(field: string, name: string, read: Read<T>): QueryColumn<T> {
  const unit = UNITS.find(([pattern]) => pattern.test(name))?.[1];
  return {
    header: unit === undefined ? field : `${field} [${unit}]`,
    read(source, now, hasUnits) {
      const { value, unit: ownUnit } = read(source, now);
      if (value === null) return "[N/A]";
      return ownUnit === undefined || !hasUnits ? String(value) : `${value} ${ownUnit}`;
    },
  };
}

function isIdle(reading: DeviceReading): boolean {
  return reading.processes.length === 0;
}

/** 2026/07/03 08:33:38.737 */
function timestamp(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${time.getFullYear()}/${two(time.getMonth() + 1)}/${two(time.getDate())}`;
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return `${date} ${clock}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}
