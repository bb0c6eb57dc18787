"use client";

import { useState } from "react";

/** The newest value that was there, for the same `key`, while there is none: what stands on the page until the next answer comes. */
export function useKept<T>(value: T | undefined, key: string | null = null): T | undefined {
  const [kept, setKept] = useState({ key, value });
  if (value === undefined) return kept.key === key ? kept.value : undefined;
  if (kept.key !== key || kept.value !== value) setKept({ key, value });
  return value;
}
