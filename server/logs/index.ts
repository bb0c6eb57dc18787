export { appendBytes } from "./append-bytes";
export type { AppendInput } from "./append-plan";
export { evidenceOf } from "./evidence-of";
export type { AppendResult, FileCursor, FileKind } from "./file-cursor";
export { listFiles, listLogFiles } from "./list-files";
export { openFile, type SeenFile } from "./open-file";
