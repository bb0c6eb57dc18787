export { estimateRun } from "./estimate-run";
export { listRetryOptions } from "./list-retry-options";
export { planHardware } from "./plan-hardware";
