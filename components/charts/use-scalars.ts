"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { queryString, request } from "@/components/hooks/api";
import type { ApiError } from "@/components/hooks/api-error";
import { useFileHints } from "@/components/hooks/use-live";
import type { ScalarSeries, ScalarsResult } from "@/server/contracts/attempts";
import { afterParameter, longest, mergeSeries } from "./merge-series";

const POINTS = 2000;
/** Appended points are not reduced: past this many the server reduces everything anew. */
const POINTS_AT_MOST = POINTS * 2;
/** Hints may come four times a second; one question at a time, and not more often than this. */
const PAUSE_MS = 200;

/** All series of an attempt, reduced by min-max, then grown by what comes after. Keeps the old while reading anew. */
export function useScalars(attemptId: string | null) {
  const client = useQueryClient();
  const key = [attemptId === null ? null : `/attempts/${attemptId}/scalars`];
  const query = useQuery<ScalarSeries[], ApiError>({
    queryKey: key,
    queryFn: async ({ signal }) => (await read(attemptId ?? "", { points: POINTS }, signal)).series,
    enabled: attemptId !== null,
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
  const reader = useRef<{ isBusy: boolean; isAsked: boolean }>({ isBusy: false, isAsked: false });
  // A question from before a sleep may never be answered.
  const asked = useRef(new AbortController());
  const isMounted = useRef(true);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);

  async function grow(): Promise<void> {
    const known = client.getQueryData<ScalarSeries[]>(key);
    if (attemptId === null || known === undefined) return;
    if (longest(known) > POINTS_AT_MOST) {
      await client.invalidateQueries({ queryKey: key });
      return;
    }
    const query = { points: POINTS, after: afterParameter(known) };
    const { series } = await read(attemptId, query, asked.current.signal);
    client.setQueryData<ScalarSeries[]>(key, (now) => mergeSeries(now ?? [], series));
  }

  function ask(): void {
    const state = reader.current;
    state.isAsked = true;
    if (state.isBusy) return;
    state.isBusy = true;
    state.isAsked = false;
    // A failed question is asked again with the next hint; the cache keeps what it has.
    void grow()
      .catch(() => undefined)
      .finally(() => setTimeout(release, PAUSE_MS));
  }

  function release(): void {
    reader.current.isBusy = false;
    if (reader.current.isAsked && isMounted.current) ask();
  }

  useFileHints(attemptId, (hints) => {
    if (Array.isArray(hints)) {
      const count = hints.reduce((sum, { scalarCount }) => sum + scalarCount, 0);
      // Appended points are not reduced: what a slow page was not told of for long is read reduced.
      if (count > POINTS_AT_MOST) void client.invalidateQueries({ queryKey: key });
      else if (count > 0) ask();
      return;
    }
    if (hints === "recovered") {
      asked.current.abort();
      asked.current = new AbortController();
    }
    void client.invalidateQueries({ queryKey: key }, { cancelRefetch: hints === "recovered" });
  });
  return query;
}

async function read(
  attemptId: string,
  query: { points: number; after?: string },
  signal?: AbortSignal,
): Promise<ScalarsResult> {
  const path = `/attempts/${attemptId}/scalars${queryString(query)}`;
  return request<ScalarsResult>(path, { ...(signal ? { signal } : {}) });
}
