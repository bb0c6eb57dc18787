export { CANONICAL_TAGS, type CanonicalTag } from "./canonical-tags";

export { groupScalars, insertScalars, type ScalarGroup } from "./insert-scalars";
export type { LogEvidence } from "./log-evidence";
export { initialEvidence } from "./log-evidence";
export { type LogScalar, parseTrainLog } from "./parse-train-log";
export { type EventChunkState, readEventChunk } from "./read-event-chunk";
export { type HeadlineOwner, readHeadlines } from "./read-headlines";
export { readScalars } from "./read-scalars";
export { stepsDone, stepsTotal, type TrainLogState } from "./train-log-state";
