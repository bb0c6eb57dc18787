"use client";

import { useEffect, useMemo, useSyncExternalStore } from "react";
import { live } from "@/components/hooks/live-client";
import { useFileHints } from "@/components/hooks/use-live";
import { createLogReader, type LogReader, type LogState } from "./log-reader";

const BLIND_POLL_MS = 5000;

/** The log of an attempt, its tail read at once, grown by hints while `isFollowed`; by polling while the socket is down. */
export function useLog(attemptId: string, isFollowed: boolean): { reader: LogReader; state: LogState } {
  const reader = useMemo(() => createLogReader(attemptId), [attemptId]);
  const state = useSyncExternalStore(reader.subscribe, reader.state, reader.state);
  // The server is the external system.
  useEffect(() => {
    void reader.openTail();
  }, [reader]);
  useEffect(() => {
    if (!isFollowed) return;
    const timer = setInterval(() => {
      if (live.state().phase !== "live" && !reader.state().isComplete) void reader.newer();
    }, BLIND_POLL_MS);
    return () => clearInterval(timer);
  }, [reader, isFollowed]);
  useFileHints(attemptId, (hints) => {
    if (isFollowed && (hints === null || hints.some(({ kind }) => kind === "log"))) void reader.newer();
  });
  return { reader, state };
}
