"use client";

import { useEffect, useMemo, useSyncExternalStore } from "react";
import { useFileHints } from "@/components/hooks/use-live";
import { createLogReader, type LogReader, type LogState } from "./log-reader";
import { readLog } from "./read-log";

/** The log of an attempt, its tail read at once, then grown by hints while `isFollowed`. */
export function useLog(
  attemptId: string,
  isFollowed: boolean,
  /** null: the newest, also when a newer one begins. */
  generation: number | null = null,
): { reader: LogReader; state: LogState } {
  const reader = useMemo(
    () =>
      generation === null
        ? createLogReader(attemptId)
        : createLogReader(attemptId, (id, range, signal) => readLog(id, { ...range, generation }, signal)),
    [attemptId, generation],
  );
  const state = useSyncExternalStore(reader.subscribe, reader.state, reader.state);
  // The server is the external system.
  useEffect(() => {
    void reader.openTail();
  }, [reader]);
  useFileHints(attemptId, (hints) => {
    if (hints === "recovered") reader.giveUp();
    if (!isFollowed) return;
    if (Array.isArray(hints)) {
      for (const hint of hints) if (hint.kind === "log") void reader.take(hint);
    } else if (!reader.state().isComplete) void reader.follow();
  });
  return { reader, state };
}
