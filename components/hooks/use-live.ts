"use client";

import { useCallback, useEffect, useRef, useSyncExternalStore } from "react";
import type { FileHint, Room } from "@/server/contracts/sockets";
import { BLIND_POLL_MS, isBlind, type LiveState, live } from "./live-client";
import type { NodeLive } from "./telemetry-store";

const SERVER_STATE: LiveState = { phase: "connecting", isWorkerConnected: true, isDatabaseAvailable: true };

export function useLiveState(): LiveState {
  return useSyncExternalStore(live.onState, live.state, () => SERVER_STATE);
}

/** Joins a room as long as the component is there. Null: none. */
export function useRoom(room: Room | null): void {
  // The socket is the external system.
  useEffect(() => (room === null ? undefined : live.enter(room)), [room]);
}

/** The newest reading of a node; undefined before the first. Renders once per tick of that node. */
export function useNodeLive(nodeId: string): NodeLive | undefined {
  const subscribe = useCallback(
    (listener: () => void) => live.telemetry.subscribe(nodeId, listener),
    [nodeId],
  );
  return useSyncExternalStore(
    subscribe,
    () => live.telemetry.get(nodeId),
    () => undefined,
  );
}

/**
 * Calls with the hints of one attempt's files; with null after a reconnect, and now and then while no hint can come:
 * read what is new without being told.
 */
export function useFileHints(attemptId: string | null, onHints: (hints: FileHint[] | null) => void): void {
  const latest = useRef(onHints);
  latest.current = onHints;
  useEffect(() => {
    if (attemptId === null) return;
    const offFiles = live.onFiles((hints) => {
      const own = hints.filter((hint) => hint.attemptId === attemptId);
      if (own.length > 0) latest.current(own);
    });
    const offRecover = live.onRecover(() => latest.current(null));
    const timer = setInterval(() => {
      if (isBlind()) latest.current(null);
    }, BLIND_POLL_MS);
    return () => {
      offFiles();
      offRecover();
      clearInterval(timer);
    };
  }, [attemptId]);
}
