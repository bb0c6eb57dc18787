export { closeHours, closeMinutes } from "./close-minutes";
export { type ForeignUse, foreignUse } from "./foreign-use";
export { FIRST_QUERY, OTHER_NAMES } from "./gpu-fields";
export {
  type DiskCounters,
  type HostCounters,
  hostSample,
  parseDiskLine,
  parseHostLine,
} from "./host-counters";
export { newestTicks } from "./newest-ticks";
export { type ComputeApp, parseComputeApp } from "./parse-compute-apps";
export { type ListedGpu, parseGpuList } from "./parse-gpu-list";
export { type MigProcess, type MigReading, parseMigQuery } from "./parse-mig-query";
export { type GpuReading, parseGpuRow, parseUnknownProperty } from "./parse-nvidia-smi";
export { pruneTelemetry } from "./prune-telemetry";
export { ReadSamplesInput, readSamples } from "./read-samples";
export { shareTelemetryWriter } from "./share-telemetry-writer";
export { TelemetryWriter } from "./telemetry-writer";
export { decodeTicks, encodeTicks } from "./tick-codec";
