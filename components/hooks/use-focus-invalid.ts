"use client";

import { type RefObject, useRef } from "react";

/** After a refused submit: brings the first control that is marked as wrong into view, focused. */
export function useFocusInvalid<T extends HTMLElement>(): {
  ref: RefObject<T | null>;
  focusInvalid: () => void;
} {
  const ref = useRef<T>(null);
  // The marks are on screen by the next frame.
  function focusInvalid() {
    requestAnimationFrame(() => ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }
  return { ref, focusInvalid };
}
