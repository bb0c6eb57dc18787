import type { NodeFileView } from "@/server/contracts/attempts";

/** What a log was before it was replaced or emptied on the node, and what it is now; numbered from 1, the oldest first. */
export interface LogPart {
  /** Of the file's generation; stands in the address. */
  id: string;
  number: number;
  generation: number;
  sizeBytes: number;
  /** When the next part was first seen; null: this is the newest. */
  endedAt: string | null;
}

/** Parts of an attempt's log that have bytes. One is all there is of most logs. Pure. */
export function logParts(files: readonly NodeFileView[]): LogPart[] {
  const logs = files.filter(({ kind, offset }) => kind === "log" && offset > 0);
  const path = logs.some((file) => file.path === TRAINING_LOG) ? TRAINING_LOG : logs[0]?.path;
  const parts = logs
    .filter((file) => file.path === path)
    .sort((one, other) => one.generation - other.generation);
  return parts.map(({ id, generation, offset }, index) => ({
    id,
    number: index + 1,
    generation,
    sizeBytes: offset,
    endedAt: parts[index + 1]?.createdAt ?? null,
  }));
}

const TRAINING_LOG = "training.log";
