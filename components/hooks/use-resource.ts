"use client";

import { type UseQueryResult, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Page } from "@/server/contracts/primitives";
import { request } from "./api";
import type { ApiError } from "./api-error";
import { BLIND_POLL_MS, isBlind } from "./live-client";

const LIVE_POLL_MS = 60_000;

function pollInterval(): number {
  return isBlind() ? BLIND_POLL_MS : LIVE_POLL_MS;
}

export interface ResourceOptions {
  /** Keep showing the last path's data while the next loads (filters, paging). */
  keepPrevious?: boolean;
}

/**
 * GET `path` below /api/v1, `T` as its contract says; kept while it is read again; read again on `changed` hints
 * (see is-touched). Null: nothing is asked yet.
 */
export function useResource<T>(
  path: string | null,
  options: ResourceOptions = {},
): UseQueryResult<T, ApiError> {
  return useQuery<T, ApiError>({
    queryKey: [path],
    queryFn: ({ signal }) => request<T>(path ?? "", { signal }),
    enabled: path !== null,
    refetchInterval: pollInterval,
    ...(options.keepPrevious ? { placeholderData: (previous) => previous } : {}),
  });
}

/** A list with a cursor, page after page. `path` may have a query already. */
export function usePages<T>(path: string) {
  const query = useInfiniteQuery<Page<T>, ApiError>({
    queryKey: [path],
    queryFn: ({ pageParam, signal }) => {
      const cursor = typeof pageParam === "string" ? pageParam : null;
      const separator = path.includes("?") ? "&" : "?";
      const address = cursor === null ? path : `${path}${separator}cursor=${encodeURIComponent(cursor)}`;
      return request<Page<T>>(address, { signal });
    },
    initialPageParam: null,
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: pollInterval,
    placeholderData: (previous) => previous,
  });
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) };
}
