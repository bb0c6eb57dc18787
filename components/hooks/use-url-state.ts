"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useState } from "react";

/**
 * One parameter of the address as state, so that a reload or a shared link shows the same. The default is left out of
 * the address. Replaces the history entry: going back leaves the page, not a tab.
 */
export function useUrlState(name: string, fallback: string): [string, (value: string) => void] {
  const inRouter = useSearchParams().get(name) ?? fallback;
  const pathname = usePathname();
  const [state, setState] = useState({ value: inRouter, seen: inRouter });
  if (state.seen !== inRouter) {
    // The router hears of a change later than whoever types: what it says is taken only when it has caught up.
    const value = inRouter === inAddress(name, fallback) ? inRouter : state.value;
    setState({ value, seen: inRouter });
  }
  const set = useCallback(
    (value: string) => {
      setState((now) => ({ ...now, value }));
      const query = new URLSearchParams(window.location.search);
      if (value === fallback) query.delete(name);
      else query.set(name, value);
      const text = query.toString();
      window.history.replaceState(null, "", text === "" ? pathname : `${pathname}?${text}`);
    },
    [name, fallback, pathname],
  );
  return [state.value, set];
}

function inAddress(name: string, fallback: string): string {
  return new URLSearchParams(window.location.search).get(name) ?? fallback;
}
