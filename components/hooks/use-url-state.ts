"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback } from "react";

/**
 * One parameter of the address as state, so that a reload or a shared link shows the same. The default is left out of
 * the address. Replaces the history entry: going back leaves the page, not a tab.
 */
export function useUrlState(name: string, fallback: string): [string, (value: string) => void] {
  const search = useSearchParams();
  const pathname = usePathname();
  const set = useCallback(
    (value: string) => {
      const query = new URLSearchParams(window.location.search);
      if (value === fallback) query.delete(name);
      else query.set(name, value);
      const text = query.toString();
      window.history.replaceState(null, "", text === "" ? pathname : `${pathname}?${text}`);
    },
    [name, fallback, pathname],
  );
  return [search.get(name) ?? fallback, set];
}
