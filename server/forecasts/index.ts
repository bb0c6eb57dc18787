export { createRun, getRun, listRuns, retryRun, stopRun } from "./run-verbs";
