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

/** Why to read without being told what: after a reconnect, and now and then while no hint can come. */
export type Unhinted = "recovered" | "blind";

/** Calls with the hints of one attempt's files, or with why there are none. */
export function useFileHints(
  attemptId: string | null,
  onHints: (hints: FileHint[] | Unhinted) => void,
): void {
  const latest = useRef(onHints);
  latest.current = onHints;
  useEffect(() => {
    if (attemptId === null) return;
    const offFiles = live.onFiles((hints) => {
      const own = hints.filter((hint) => hint.attemptId === attemptId);
      if (own.length > 0) latest.current(own);
    });
    const offRecover = live.onRecover(() => latest.current("recovered"));
    const timer = setInterval(() => {
      if (isBlind()) latest.current("blind");
    }, BLIND_POLL_MS);
    return () => {
      offFiles();
      offRecover();
      clearInterval(timer);
    };
  }, [attemptId]);
}
