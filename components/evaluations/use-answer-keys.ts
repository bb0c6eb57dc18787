"use client";

import { type RefObject, useEffect, useRef } from "react";

/** A cell of the answers: the prompt's place in the evaluation, and the model's column. */
export interface CellPlace {
  promptIndex: number;
  column: number;
}

export interface AnswerKeys {
  /** Prompts in the order in which they are shown. */
  promptOrder: readonly number[];
  columnCount: number;
  current: CellPlace | null;
  /** One key, one act: d, s, c, ?, / … */
  acts: Readonly<Record<string, () => void>>;
}

const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  j: [1, 0],
  k: [-1, 0],
  h: [0, -1],
  l: [0, 1],
};

/** Single keys while nobody types: j k h l move the focus from cell to cell, the rest is in `acts`. */
export function useAnswerKeys(container: RefObject<HTMLElement | null>, keys: AnswerKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  // The keyboard is the external system.
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event.target)) return;
      const step = STEPS[event.key];
      const act = latest.current.acts[event.key];
      if (!step && !act) return;
      event.preventDefault();
      if (step) focusCell(container.current, nextPlace(latest.current, step));
      else act?.();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [container]);
}

/** One step on, held at the edges; the first cell when none was chosen, or when its row is filtered away. Pure. */
export function nextPlace(
  { promptOrder, columnCount, current }: Pick<AnswerKeys, "promptOrder" | "columnCount" | "current">,
  [rows, columns]: readonly [number, number],
): CellPlace | null {
  const at = current === null ? -1 : promptOrder.indexOf(current.promptIndex);
  const row = at < 0 ? 0 : Math.min(promptOrder.length - 1, Math.max(0, at + rows));
  const promptIndex = promptOrder[row];
  if (promptIndex === undefined) return null;
  const column = at < 0 || current === null ? 0 : current.column + columns;
  return { promptIndex, column: Math.min(columnCount - 1, Math.max(0, column)) };
}

function focusCell(container: HTMLElement | null, place: CellPlace | null): void {
  if (place === null) return;
  const cell = container?.querySelector<HTMLElement>(`[data-cell="${place.promptIndex} ${place.column}"]`);
  cell?.focus({ preventScroll: true });
  cell?.scrollIntoView({ block: "nearest" });
}

/** Somebody types, or a dialog is open. */
function isElsewhere(target: EventTarget | null): boolean {
  if (document.querySelector("[role=dialog],[role=alertdialog]") !== null) return true;
  return target instanceof Element && target.closest("input,textarea,select,[contenteditable]") !== null;
}
