"use client";

import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { ApiError } from "./api-error";

/** Asks when it is first shown and on `refetch`, never by itself: for what the server goes and looks at each time. */
export function useResourceOnce<T>(
  key: readonly unknown[] | null,
  ask: () => Promise<T>,
): UseQueryResult<T, ApiError> {
  return useQuery<T, ApiError>({
    queryKey: key ?? [null],
    queryFn: ask,
    enabled: key !== null,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
}
