"use client";

import { type RefObject, useEffect, useRef, useState } from "react";

const CONTROL = 'input, textarea, select, button[role="checkbox"], button[aria-pressed]';

/** Brings a field into view and focuses it, by the path of its problem, first opening the part that it is in. */
export function useShowField(openPart: (part: string) => void): {
  ref: RefObject<HTMLFormElement | null>;
  show: (path: string) => void;
} {
  const ref = useRef<HTMLFormElement>(null);
  const [target, setTarget] = useState<{ path: string } | null>(null);
  // The browser's focus is the external system; the part has to be on screen first.
  useEffect(() => {
    const form = ref.current;
    if (form === null || target === null) return;
    const field = placeOf(form, target.path);
    field?.scrollIntoView({ block: "center" });
    const control = field?.matches(CONTROL) ? field : field?.querySelector<HTMLElement>(CONTROL);
    control?.focus({ preventScroll: true });
  }, [target]);
  function show(path: string) {
    const part = /^(?:stages\.(\w+)|(evaluation))/.exec(path);
    const tab = part?.[1] ?? part?.[2];
    if (tab) openPart(tab);
    setTarget({ path });
  }
  return { ref, show };
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
