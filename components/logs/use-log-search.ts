"use client";

import { useState } from "react";
import { queryString } from "@/components/hooks/api";
import { useDebounced } from "@/components/hooks/use-debounced";
import { useResource } from "@/components/hooks/use-resource";
import type { LogSearchResult } from "@/server/contracts/attempts";

type Match = LogSearchResult["matches"][number];

export interface LogSearch {
  isOpen: boolean;
  isSearching: boolean;
  count: number | null;
  isTruncated: boolean;
  /** From 0; -1 before the first move. */
  position: number;
  current: Match | null;
  /** +1 to the next match, -1 to the one before, round and round. */
  move: (step: number) => Match | null;
  clear: () => void;
}

const LIMIT = 500;

/** The server searches the whole log, since the page holds only a part of it. */
export function useLogSearch(attemptId: string, query: string, generation: number | null): LogSearch {
  const asked = useDebounced(query.trim(), 250);
  const [place, setPlace] = useState({ query: "", position: -1 });
  const path =
    asked === ""
      ? null
      : `/attempts/${attemptId}/log/search${queryString({ q: asked, limit: LIMIT, generation })}`;
  const result = useResource<LogSearchResult>(path);
  const matches = result.data?.matches ?? [];
  const position = place.query === asked ? place.position : -1;
  return {
    isOpen: asked !== "",
    isSearching: result.isFetching,
    count: result.data ? matches.length : null,
    isTruncated: result.data?.isTruncated ?? false,
    position,
    current: matches[position] ?? null,
    move(step) {
      if (matches.length === 0) return null;
      const from = position < 0 && step < 0 ? 0 : position;
      const next = (from + step + matches.length) % matches.length;
      setPlace({ query: asked, position: next });
      return matches[next] ?? null;
    },
    clear: () => setPlace({ query: asked, position: -1 }),
  };
}
