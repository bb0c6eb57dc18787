export { type LaunchFacts, renderAttempt } from "./attempt-command";
export type { AttemptPatch } from "./attempt-patch";
export { classifyEnd, type End, type EndEvidence, type ExitFile } from "./classify-end";
export { listOpenAttempts, type OpenAttempt } from "./list-open-attempts";
export { type RunFacts, readRunFacts } from "./read-checkpoints";
export { type RecordAttemptInput, recordAttempt } from "./record-attempt";
export { scheduleNode } from "./schedule-node";
export { updateAttempt } from "./update-attempt";
