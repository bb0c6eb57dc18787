export { type StartTelemetryOptions, startTelemetry } from "./start-telemetry";
