export { type Estimator, estimateRun, readEstimator } from "./estimate-run";
export { listRetryOptions } from "./list-retry-options";
export { planHardware } from "./plan-hardware";
