"use client";

import { type RefObject, useEffect, useRef, useState } from "react";

const CONTROL = 'input, textarea, select, button[role="checkbox"], button[aria-pressed]';

/** Brings a field into view and focuses it, by the path of its problem, first opening the part that it is in. */
export function useShowField(
  openPart: string,
  onOpenPart: (part: string) => void,
): { ref: RefObject<HTMLFormElement | null>; show: (path: string) => void } {
  const ref = useRef<HTMLFormElement>(null);
  const [target, setTarget] = useState<{ path: string } | null>(null);
  // The browser's focus is the external system. The part's tab is drawn one step after it is opened.
  useEffect(() => {
    if (target === null || (partOf(target.path) ?? openPart) !== openPart) return;
    const frame = requestAnimationFrame(() => {
      setTarget(null);
      if (ref.current) focusField(ref.current, target.path);
    });
    return () => cancelAnimationFrame(frame);
  }, [target, openPart]);
  function show(path: string) {
    const part = partOf(path);
    if (part !== null) onOpenPart(part);
    setTarget({ path });
  }
  return { ref, show };
}

function focusField(form: HTMLElement, path: string): void {
  const field = placeOf(form, path);
  field?.scrollIntoView({ block: "center" });
  const control = field?.matches(CONTROL) ? field : field?.querySelector<HTMLElement>(CONTROL);
  control?.focus({ preventScroll: true });
}

/** The tab that a path belongs to; null: the head of the form. */
function partOf(path: string): string | null {
  const match = /^(?:stages\.(\w+)|(evaluation))/.exec(path);
  return match?.[1] ?? match?.[2] ?? null;
}

/** The field itself, else the nearest around it, else whatever is marked as wrong. */
function placeOf(form: HTMLElement, path: string): HTMLElement | null {
  const parts = path.split(".");
  for (let length = parts.length; length > 0; length -= 1) {
    const wanted = parts.slice(0, length).join(".");
    const field = form.querySelector<HTMLElement>(`[data-path="${CSS.escape(wanted)}"]`);
    if (field) return field;
  }
  return form.querySelector<HTMLElement>('[aria-invalid="true"]');
}
