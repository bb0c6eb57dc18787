import { queryString, requestBytes } from "@/components/hooks/api";
import { LOG_HEADERS } from "@/server/contracts/log-headers";

export interface LogChunk {
  bytes: Uint8Array;
  generation: number;
  /** Where the bytes begin in the file. */
  offset: number;
  /** Bytes that have arrived so far. */
  size: number;
  isComplete: boolean;
}

export interface LogRange {
  /** Negative: from the end. */
  offset: number;
  length: number;
  generation?: number;
}

/** GET /attempts/{id}/log. Throws ApiError. */
export async function readLog(attemptId: string, range: LogRange, signal?: AbortSignal): Promise<LogChunk> {
  const { bytes, headers } = await requestBytes(
    `/attempts/${attemptId}/log${queryString({ ...range })}`,
    signal,
  );
  const number = (name: string) => Number(headers.get(name) ?? 0);
  return {
    bytes,
    generation: number(LOG_HEADERS.generation),
    offset: number(LOG_HEADERS.offset),
    size: number(LOG_HEADERS.size),
    isComplete: headers.get(LOG_HEADERS.isComplete) === "true",
  };
}
