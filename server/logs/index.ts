export { appendBytes } from "./append-bytes";
export type { AppendInput } from "./append-plan";
export { evidenceOf } from "./evidence-of";
export type { AppendResult, FileCursor, FileKind } from "./file-cursor";
export { listFiles, listLogFiles } from "./list-files";
export { openFile, type SeenFile } from "./open-file";
export { type LogSlice, readLog } from "./read-log";
export { searchLog } from "./search-log";
export { type LogStream, streamLog } from "./stream-log";
