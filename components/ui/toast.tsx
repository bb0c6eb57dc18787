"use client";

import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { Button } from "./button";

export interface ToastMessage {
  id: number;
  tone: "ok" | "bad";
  text: string;
  /** What to do about it. */
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 6000;
const NONE: readonly ToastMessage[] = [];
let messages: readonly ToastMessage[] = NONE;
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: readonly ToastMessage[]): void {
  messages = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function dismiss(id: number): void {
  set(messages.filter((message) => message.id !== id));
}

/** Says something for six seconds; one with an action stays until it is dismissed. */
export function showToast(message: Omit<ToastMessage, "id">): void {
  const id = ++lastId;
  set([...messages.slice(-2), { ...message, id }]);
  if (!message.action) setTimeout(() => dismiss(id), SHOWN_MS);
}

function act(message: ToastMessage): void {
  message.action?.run();
  dismiss(message.id);
}

export function Toaster() {
  const shown = useSyncExternalStore(
    subscribe,
    () => messages,
    () => NONE,
  );
  return (
    <div
      aria-live="polite"
      className="fixed right-4 bottom-20 z-50 flex max-sm:bottom-32 w-[min(400px,calc(100vw-32px))] flex-col gap-2"
    >
      {shown.map((message) => (
        <div key={message.id} className="panel flex animate-appear items-start gap-2 px-3 py-2">
          {message.tone === "ok" ? (
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
          ) : (
            <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
          )}
          <span className="min-w-0 flex-1">{message.text}</span>
          {message.action && (
            <Button size="sm" onClick={() => act(message)}>
              {message.action.label}
            </Button>
          )}
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label="Dismiss"
            className="-my-1"
            onClick={() => dismiss(message.id)}
          >
            <X />
          </Button>
        </div>
      ))}
    </div>
  );
}
