"use client";

import { useEffect, useMemo, useSyncExternalStore } from "react";
import { useFileHints } from "@/components/hooks/use-live";
import { createLogReader, type LogReader, type LogState } from "./log-reader";

/** The log of an attempt, its tail read at once, then grown by hints while `isFollowed`. */
export function useLog(attemptId: string, isFollowed: boolean): { reader: LogReader; state: LogState } {
  const reader = useMemo(() => createLogReader(attemptId), [attemptId]);
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
