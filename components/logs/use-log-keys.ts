"use client";

import { type KeyboardEvent, type RefObject, useRef } from "react";

export interface LogKeys {
  onGoTo: (step: number) => void;
  onStart: () => void;
  onEnd: () => void;
}

/** The keys of less and vim, while the focus is in the log: / n N g G, Home and End. */
export function useLogKeys({ onGoTo, onStart, onEnd }: LogKeys): {
  searchRef: RefObject<HTMLInputElement | null>;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
} {
  const searchRef = useRef<HTMLInputElement>(null);
  const actions = new Map<string, () => void>([
    ["/", () => searchRef.current?.focus()],
    ["n", () => onGoTo(1)],
    ["N", () => onGoTo(-1)],
    ["g", onStart],
    ["Home", onStart],
    ["G", onEnd],
    ["End", onEnd],
  ]);
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const isTyping = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actions.get(event.key);
    if (!action) return;
    event.preventDefault();
    action();
  }
  return { searchRef, onKeyDown };
}
