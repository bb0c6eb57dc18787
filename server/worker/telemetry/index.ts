export { GpuWatch } from "./gpu-watch";
export { type StartTelemetryOptions, startTelemetry } from "./start-telemetry";
