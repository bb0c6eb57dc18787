"use client";

import { useCallback, useSyncExternalStore } from "react";
import { live } from "./live-client";

interface Clock {
  now: number;
  listeners: Set<() => void>;
  timer: ReturnType<typeof setInterval> | null;
}
const clocks = new Map<number, Clock>();

/** Now in Unix milliseconds on the server's clock, renewed every `intervalMs`; one timer for all who ask. */
export function useNow(intervalMs = 1000): number {
  const subscribe = useCallback((listener: () => void) => listen(intervalMs, listener), [intervalMs]);
  return useSyncExternalStore(
    subscribe,
    () => clockOf(intervalMs).now,
    () => 0,
  );
}

function clockOf(intervalMs: number): Clock {
  const found = clocks.get(intervalMs);
  if (found) return found;
  const clock: Clock = { now: live.now(), listeners: new Set(), timer: null };
  clocks.set(intervalMs, clock);
  return clock;
}

function listen(intervalMs: number, listener: () => void): () => void {
  const clock = clockOf(intervalMs);
  clock.listeners.add(listener);
  clock.timer ??= setInterval(() => {
    clock.now = live.now();
    for (const wake of clock.listeners) wake();
  }, intervalMs);
  return () => {
    clock.listeners.delete(listener);
    if (clock.listeners.size > 0 || clock.timer === null) return;
    clearInterval(clock.timer);
    clock.timer = null;
  };
}
