"use client";

import { type RefObject, useEffect, useRef, useState } from "react";
import { parseFieldPath } from "./field-path";

const CONTROL = 'input, textarea, select, button[role="checkbox"], button[aria-pressed]';

/** After these the field is taken for one that has no place of its own. */
const MOST_FRAMES = 30;

/** Brings a field into view and focuses it, by the path of its problem, once the part that it is in is open and shows it. */
export function useShowField(
  openPart: string,
  { onOpenPart, onReveal }: { onOpenPart: (part: string) => void; onReveal: (path: string) => void },
): { ref: RefObject<HTMLFormElement | null>; show: (path: string) => void } {
  const ref = useRef<HTMLFormElement>(null);
  const [target, setTarget] = useState<{ path: string } | null>(null);
  // The browser's focus is the external system. The part's tab is drawn some frames after it is opened.
  useEffect(() => {
    if (target === null || (parseFieldPath(target.path).part ?? openPart) !== openPart) return;
    let frame = 0;
    function look(framesLeft: number, path: string) {
      const place =
        ref.current && (framesLeft > 0 ? fieldAt(ref.current, path) : nearestTo(ref.current, path));
      if (framesLeft > 0 && !(place && focusIn(place))) {
        frame = requestAnimationFrame(() => look(framesLeft - 1, path));
        return;
      }
      if (place) focusIn(place);
      setTarget(null);
    }
    frame = requestAnimationFrame(() => look(MOST_FRAMES, target.path));
    return () => cancelAnimationFrame(frame);
  }, [target, openPart]);
  function show(wanted: string) {
    const path = wanted.replace(/\.(gpuCount|gpuUuids)$/, "");
    const { part } = parseFieldPath(path);
    if (part !== null) onOpenPart(part);
    onReveal(path);
    setTarget({ path });
  }
  return { ref, show };
}

/** @returns whether the control has the focus now */
function focusIn(place: HTMLElement): boolean {
  place.scrollIntoView({ block: "center" });
  const control = place.matches(CONTROL) ? place : place.querySelector<HTMLElement>(CONTROL);
  control?.focus({ preventScroll: true });
  return control !== null && document.activeElement === control;
}

function fieldAt(form: HTMLElement, path: string): HTMLElement | null {
  return form.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`);
}

/** The field itself, else the nearest around it, else whatever is marked as wrong. */
function nearestTo(form: HTMLElement, path: string): HTMLElement | null {
  const parts = path.split(".");
  for (let length = parts.length; length > 0; length -= 1) {
    const field = fieldAt(form, parts.slice(0, length).join("."));
    if (field) return field;
  }
  return form.querySelector<HTMLElement>('[aria-invalid="true"]');
}
