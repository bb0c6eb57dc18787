"use client";

import { useEffect, useState } from "react";
import type { z } from "zod";

/** A form's state, kept for this tab: a reload or a look at another page loses nothing that was typed. */
export function useDraft<T>(storageKey: string, schema: z.ZodType<T, unknown>, beginning: () => T) {
  const [draft, setDraft] = useState<T>(() => restore(storageKey, schema) ?? beginning());
  // The tab's storage is the external system.
  useEffect(() => {
    sessionStorage.setItem(storageKey, JSON.stringify(draft));
  }, [storageKey, draft]);
  const forget = () => sessionStorage.removeItem(storageKey);
  return { draft, setDraft, forget };
}

function restore<T>(storageKey: string, schema: z.ZodType<T, unknown>): T | null {
  const text = sessionStorage.getItem(storageKey);
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    // Of an older version of the form: begin anew.
    return null;
  }
}
