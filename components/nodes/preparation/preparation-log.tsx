"use client";

import { useEffect, useMemo, useSyncExternalStore } from "react";
import { queryString, requestBytes } from "@/components/hooks/api";
import { LogLine } from "@/components/logs/log-line";
import { createLogReader } from "@/components/logs/log-reader";
import type { LogChunk, LogRange } from "@/components/logs/read-log";
import { drawnLineCount, textOfLine } from "@/components/logs/shown-lines";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { LOG_HEADERS } from "@/server/contracts/log-headers";

const SHOWN_LINES = 200;

/** The end of the newest job's log, grown whenever the job's size says that more has arrived. */
export function PreparationLog({ nodeId, jobId, size }: { nodeId: string; jobId: string; size: number }) {
  // A new job has a new log under the same address.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const reader = useMemo(() => createLogReader(nodeId, readPreparationLog), [nodeId, jobId]);
  const state = useSyncExternalStore(reader.subscribe, reader.state, reader.state);
  // The server is the external system.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new size says that there is more to read
  useEffect(() => {
    void reader.follow();
  }, [reader, size]);
  const { buffer } = state;
  if (buffer === null) return <p className="py-2 text-muted">Nothing has been written yet.</p>;
  const count = drawnLineCount(buffer);
  const first = Math.max(0, count - SHOWN_LINES);
  return (
    <ScrollRegion
      label="Log"
      className="num mt-2 flex max-h-80 flex-col-reverse overflow-auto rounded-md bg-fill py-2 text-[11.5px] leading-[18px]"
    >
      <div>
        {Array.from({ length: count - first }, (_, row) => (
          <LogLine key={buffer.offsetOf(first + row)} {...textOfLine(buffer, first + row)} />
        ))}
      </div>
    </ScrollRegion>
  );
}

async function readPreparationLog(nodeId: string, range: LogRange): Promise<LogChunk> {
  const { offset, length } = range;
  const { bytes, headers } = await requestBytes(
    `/nodes/${nodeId}/prepare/log${queryString({ offset, length })}`,
  );
  return {
    bytes,
    generation: 0,
    offset: Number(headers.get(LOG_HEADERS.offset) ?? 0),
    size: Number(headers.get(LOG_HEADERS.size) ?? 0),
    isComplete: headers.get(LOG_HEADERS.isComplete) === "true",
  };
}
