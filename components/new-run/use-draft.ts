"use client";

import { useEffect, useState } from "react";
import { z } from "zod";
import { RunParameters } from "@/server/contracts/runs";
import type { Draft } from "./draft";

const StoredDraft = z.object({
  name: z.string(),
  nodeId: z.string().nullable(),
  parameters: RunParameters,
  clonedFromId: z.string().nullable(),
  idempotencyKey: z.string(),
}) satisfies z.ZodType<Draft, unknown>;

/** The form's state, kept for this tab: a reload or a look at another page loses nothing that was typed. */
export function useDraft(storageKey: string, beginning: () => Draft) {
  const [draft, setDraft] = useState<Draft>(() => restore(storageKey) ?? beginning());
  // The tab's storage is the external system.
  useEffect(() => {
    sessionStorage.setItem(storageKey, JSON.stringify(draft));
  }, [storageKey, draft]);
  const forget = () => sessionStorage.removeItem(storageKey);
  return { draft, setDraft, forget };
}

function restore(storageKey: string): Draft | null {
  const text = sessionStorage.getItem(storageKey);
  if (text === null) return null;
  try {
    return StoredDraft.parse(JSON.parse(text));
  } catch {
    // Of an older version of the form: begin anew.
    return null;
  }
}

/** Unique enough for a click. crypto.randomUUID is missing on plain http pages of other hosts. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
